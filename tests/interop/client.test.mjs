// Tries to break: what a host built on the official client package 2.4.0 does, in each way that it can negotiate.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describeClient } from './lib/client_contract.mjs';
import { binary, overHttp } from './lib/server.mjs';

async function open(mode, transport, pid) {
  const client = new Client({ name: 'interop-client', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    client,
    version: client.getNegotiatedProtocolVersion(),
    pid: pid?.(),
    call: (name, args, options) => client.callTool({ name, arguments: args }, options),
    list: () => client.listTools(undefined, { cacheMode: 'refresh' }),
    close: () => client.close(),
  };
}

const overStdio = (mode) => ({ args, env }) => {
  const transport = new StdioClientTransport({ command: binary, args, env });
  return open(mode, transport, () => transport.pid);
};

for (const [name, version, mode] of [['legacy', '2025-11-25', 'legacy'], ['auto', '2026-07-28', 'auto'], ['2026-07-28', '2026-07-28', { pin: '2026-07-28' }]]) {
  describeClient(`client 2.4.0, ${name}`, version, overStdio(mode));
  describeClient(`client 2.4.0, ${name}`, version,
    overHttp((url, headers) => open(mode, new StreamableHTTPClientTransport(url, { requestInit: { headers } }))), { over: 'http' });
}
