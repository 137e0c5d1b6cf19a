// Tries to break: what a host built on the official client package 2.4.0 does, in each way that it can negotiate.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describeClient } from './lib/client_contract.mjs';
import { binary } from './lib/server.mjs';

function connectAs(mode) {
  return async ({ args, env }) => {
    const transport = new StdioClientTransport({ command: binary, args, env });
    const client = new Client({ name: 'interop-client', version: '1.0.0' }, { versionNegotiation: { mode } });
    await client.connect(transport);
    return {
      client,
      version: client.getNegotiatedProtocolVersion(),
      pid: transport.pid,
      call: (name, args, options) => client.callTool({ name, arguments: args }, options),
      list: () => client.listTools(undefined, { cacheMode: 'refresh' }),
      close: () => client.close(),
    };
  };
}

describeClient('client 2.4.0, legacy', '2025-11-25', connectAs('legacy'));
describeClient('client 2.4.0, auto', '2026-07-28', connectAs('auto'));
describeClient('client 2.4.0, 2026-07-28', '2026-07-28', connectAs({ pin: '2026-07-28' }));
