// Tries to break: what a host built on the official TypeScript SDK 1.32.2 does, which is most hosts today.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describeClient } from './lib/client_contract.mjs';
import { binary, environment, overHttp } from './lib/server.mjs';

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

// The SDK asks for its newest version and takes what it is offered; hosts on older ones ask for less.
function asking(version, transport) {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    const asked = message.method === 'initialize' ? { ...message, params: { ...message.params, protocolVersion: version } } : message;
    return send(asked, options);
  };
  return transport;
}

for (const version of ['2024-11-05', '2025-03-26']) {
  test(`sdk 1.32.2: a paid call's answer is taken where ${version} was agreed on and the tools were listed`, async () => {
    const transport = new StdioClientTransport({ command: binary, args: ['--sandbox'], env: environment() });
    const session = await open(asking(version, transport));
    try {
      assert.equal(session.version, version);
      await session.list();
      const result = await session.call('create_video', { prompt: 'A launch video.' });
      assert.ok(!result.isError, JSON.stringify(result));
    } finally {
      await session.close();
    }
  });
}
