// Tries to break: the toolset mosaic for a host built on the official TypeScript SDK, over stdio and over HTTP. A clip is made
// against the sandbox, and who has no Mosaic key sees nothing of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { binary, environment, key, startConnector, startSandbox, within } from './lib/server.mjs';

const clipTools = ['cancel_clip', 'generate_clip', 'get_clip_status', 'resume_clip'];
const mosaicKey = 'mk_interop_0123456789abcdef';
let sandbox;
let origin;

before(async () => {
  sandbox = await startSandbox();
  origin = new URL(sandbox.url).origin;
});
after(() => sandbox.stop());

const toSandbox = (extra = {}) =>
  environment({ MOTION_API_BASE_URL: sandbox.url, MOSAIC_API_BASE_URL: `${origin}/mosaic`, MOTION_API_KEY: key, ...extra });

async function connect(transport) {
  const client = new Client({ name: 'interop-clips', version: '1.0.0' });
  await client.connect(transport);
  return client;
}

const namesOf = async (client) => (await client.listTools()).tools.map((tool) => tool.name);
const call = async (client, name, args) => within(60_000, name, client.callTool({ name, arguments: args }));

// From its order to a file that is an MP4.
async function makeClip(client, prompt) {
  const ordered = await call(client, 'generate_clip', { prompt, duration: '4', aspect_ratio: '9:16' });
  assert.equal(ordered.isError ?? false, false, JSON.stringify(ordered));
  const { run_id: runId } = ordered.structuredContent;
  let status;
  for (let i = 0; i < 10 && !status?.ready; i += 1) {
    status = (await call(client, 'get_clip_status', { run_id: runId, wait_seconds: 50 })).structuredContent;
  }
  assert.equal(status.ready, true);
  const file = await fetch(status.outputs[0].video_url);
  assert.equal(file.status, 200);
  assert.equal(Buffer.from(await file.arrayBuffer()).toString('latin1', 4, 8), 'ftyp');
  const again = await call(client, 'generate_clip', { prompt, duration: '4', aspect_ratio: '9:16' });
  assert.equal(again.structuredContent.run_id, runId);
  return runId;
}

test('from a terminal a clip is made and saved', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'motion-mcp-clip-'));
  const output = join(folder, 'clip.mp4');
  const env = toSandbox({ MOSAIC_API_KEY: mosaicKey, HOME: folder });
  const args = ['call', 'generate_clip', '--prompt', 'A fox from a terminal.', '--duration', '4', '--output', output, '--json'];
  const { stdout } = await promisify(execFile)(binary, args, { env, timeout: 60_000 });
  assert.equal(JSON.parse(stdout).ready, true);
  assert.equal((await readFile(output)).toString('latin1', 4, 8), 'ftyp');
});

test('over stdio a key in the environment brings the tools, and a clip is made', async () => {
  const client = await connect(new StdioClientTransport({ command: binary, args: [], env: toSandbox({ MOSAIC_API_KEY: mosaicKey }) }));
  try {
    assert.deepEqual((await namesOf(client)).filter((name) => name.endsWith('clip') || name.includes('_clip_')), clipTools);
    await makeClip(client, 'A fox over stdio.');
    const failing = await call(client, 'generate_clip', { prompt: 'sandbox:fail' });
    const { run_id: runId } = failing.structuredContent;
    const failed = await call(client, 'get_clip_status', { run_id: runId, wait_seconds: 50 });
    assert.equal(failed.structuredContent.status, 'failed');
    assert.equal((await call(client, 'resume_clip', { run_id: runId })).isError ?? false, false);
    const resumed = await call(client, 'get_clip_status', { run_id: runId, wait_seconds: 50 });
    assert.equal(resumed.structuredContent.ready, true);
    const conflict = await call(client, 'resume_clip', { run_id: runId });
    assert.equal(conflict.isError, true);
    assert.match(conflict.content[0].text, /failed or was cancelled/);
    const stuck = await call(client, 'generate_clip', { prompt: 'sandbox:stuck' });
    const cancelled = await call(client, 'cancel_clip', { run_id: stuck.structuredContent.run_id });
    assert.equal(cancelled.isError ?? false, false);
  } finally {
    await client.close();
  }
});

test('without a key the list is the same as before, to the byte', async () => {
  const list = async (env) => {
    const client = await connect(new StdioClientTransport({ command: binary, args: [], env }));
    try {
      return JSON.stringify(await client.listTools());
    } finally {
      await client.close();
    }
  };
  const without = await list(toSandbox());
  assert.equal(await list(toSandbox({ MOTION_TOOLSETS: 'motion,library' })), without);
  assert.notEqual(await list(toSandbox({ MOSAIC_API_KEY: mosaicKey })), without);
});

test('over HTTP each caller brings a key or none, whatever the server has', async () => {
  const server = await startConnector({ env: toSandbox({ MOSAIC_API_KEY: 'mk_of_the_server_itself_0123' }) });
  const open = (headers) =>
    connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers: { Authorization: `Bearer ${key}`, ...headers } } }));
  try {
    const plain = await open({});
    const names = await namesOf(plain);
    assert.ok(!names.some((name) => clipTools.includes(name)), names.join());
    await assert.rejects(plain.callTool({ name: 'generate_clip', arguments: { prompt: 'x' } }), /Unknown tool/);
    await plain.close();

    const holder = await open({ 'X-Mosaic-Api-Key': mosaicKey });
    assert.deepEqual((await namesOf(holder)).filter((name) => clipTools.includes(name)), clipTools);
    const runId = await makeClip(holder, 'A fox over HTTP.');
    await holder.close();

    const other = await open({ 'X-Mosaic-Api-Key': 'mk_interop_another_0123456789' });
    const stranger = await call(other, 'get_clip_status', { run_id: runId });
    assert.equal(stranger.isError, true);
    await other.close();
  } finally {
    await server.stop();
  }
  const ledger = await (await fetch(`${origin}/_sandbox/mosaic`)).json();
  assert.equal(ledger.runs.filter((run) => run.prompt === 'A fox over HTTP.').length, 1);
});
