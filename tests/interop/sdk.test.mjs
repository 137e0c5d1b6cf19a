// Tries to break: what a host built on the official TypeScript SDK 1.32.2 does, which is most hosts today.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describeClient } from './lib/client_contract.mjs';
import { binary, overHttp } from './lib/server.mjs';

async function open(transport, pid) {
  // The transport is told the negotiated version and keeps it to itself.
  let version;
  const tell = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (negotiated) => {
    version = negotiated;
    tell?.(negotiated);
  };
  const client = new Client({ name: 'interop-sdk', version: '1.0.0' });
  await client.connect(transport);
  return {
    client,
    version,
    pid: pid?.(),
    call: (name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
    list: () => client.listTools(),
    close: () => client.close(),
  };
}

function overStdio({ args, env }) {
  const transport = new StdioClientTransport({ command: binary, args, env });
  return open(transport, () => transport.pid);
}

describeClient('sdk 1.32.2', '2025-11-25', overStdio);
describeClient('sdk 1.32.2', '2025-11-25',
  overHttp((url, headers) => open(new StreamableHTTPClientTransport(url, { requestInit: { headers } }))), { over: 'http' });
