// Tries to break: what a host built on the official TypeScript SDK 1.32.2 does, which is most hosts today.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describeClient } from './lib/client_contract.mjs';
import { binary } from './lib/server.mjs';

async function connect({ args, env }) {
  const transport = new StdioClientTransport({ command: binary, args, env });
  // The transport is told the negotiated version and keeps it to itself.
  let version;
  transport.setProtocolVersion = (negotiated) => { version = negotiated; };
  const client = new Client({ name: 'interop-sdk', version: '1.0.0' });
  await client.connect(transport);
  return {
    client,
    version,
    pid: transport.pid,
    call: (name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
    list: () => client.listTools(),
    close: () => client.close(),
  };
}

describeClient('sdk 1.32.2', '2025-11-25', connect);
