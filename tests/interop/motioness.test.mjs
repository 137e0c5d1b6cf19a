// Tries to break: the Motioness toolset as a host built on the official client has it, over stdio and HTTP, and as a
// person has it in a terminal. A video is generated once whoever asks, stages arrive as progress, keys decide who sees
// the tools, and the signing secret shows nowhere.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { binary, environment, key, startConnector, startSandbox } from './lib/server.mjs';

const tools = ['build_motion_url', 'get_motion_asset'];
const source_url = 'https://cdn.acme.com/hero.png';
const secret = 'sandbox-signing-secret';

let sandbox, proxy;
before(async () => {
  // A generation takes 1.4 s, and a slow one 14.
  sandbox = await startSandbox('20');
  proxy = new URL('/motioness', sandbox.url).href;
});
after(() => sandbox.stop());

const generations = async (project) =>
  (await (await fetch(new URL('/_sandbox/motioness', sandbox.url))).json()).generations.filter((each) => each.project === project);

async function open(transport, mode) {
  const client = new Client({ name: 'interop-motioness', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return client;
}

const stdio = (mode, variables) =>
  open(new StdioClientTransport({ command: binary, args: [], env: environment({ MOTIONESS_BASE_URL: proxy, ...variables }) }), mode);
const names = async (client) => (await client.listTools()).tools.map((tool) => tool.name);

async function call(client, name, args, options) {
  const result = await client.callTool({ name, arguments: args }, options);
  assert.ok(!result.isError, result.content[0].text);
  return result.structuredContent;
}

async function makeVideo(client, project, settings) {
  const built = await call(client, 'build_motion_url', { source_url, prompt: 'sandbox:slow', ...settings });
  assert.equal((await generations(project)).length, 0, 'building is free');
  const stages = [];
  const options = { onprogress: ({ message }) => stages.push(message), timeout: 60_000 };
  const asset = await call(client, 'get_motion_asset', { url: built.url, wait_seconds: 50 }, options);
  assert.equal(asset.ready, true, JSON.stringify(asset));
  assert.ok(stages.some((words) => words.startsWith('A stage has begun')), stages.join('\n'));
  const [again, other] = await Promise.all(['get_motion_asset', 'get_motion_asset'].map((name) => call(client, name, { url: built.url })));
  assert.equal(again.asset_id, asset.asset_id);
  assert.equal(other.ready, true);
  assert.equal((await generations(project)).length, 1, 'one generation, however often it is asked for');
  for (const [url, type] of [[built.video_url, 'video/mp4'], [built.poster_url, 'image/jpeg']]) {
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), type);
    assert.ok((await response.arrayBuffer()).byteLength > 1000);
  }
}

describe('the Motioness toolset', { timeout: 150_000, concurrency: true }, () => {
  for (const [name, mode] of [['legacy', 'legacy'], ['2026-07-28', { pin: '2026-07-28' }]]) {
    test(`makes a video over stdio, ${name}`, async () => {
      const project = `pk_stdio_${name}`;
      const client = await stdio(mode, { MOTIONESS_PROJECT_KEY: project });
      await makeVideo(client, project);
      await client.close();
    });
  }

  test('signs over stdio, and the proxy takes the signature', async () => {
    const project = 'pk_signed_interop';
    const client = await stdio('auto', { MOTIONESS_PROJECT_KEY: project, MOTIONESS_SIGNING_SECRET: secret });
    await makeVideo(client, project);
    const result = await client.callTool({ name: 'build_motion_url', arguments: { source_url, expires_in: 60 } });
    assert.match(result.structuredContent.url, /[?&]exp=\d+&sig=[0-9a-f]{64}$/);
    assert.ok(!JSON.stringify(result).includes(secret));
    const forged = result.structuredContent.url.replace(/sig=[0-9a-f]/, 'sig=x');
    const refused = await client.callTool({ name: 'get_motion_asset', arguments: { url: forged } });
    assert.equal(refused.isError, true);
    assert.match(refused.content[0].text, /signature/);
    await client.close();
  });

  test('is not there without a key', async () => {
    const client = await stdio('auto', {});
    for (const tool of tools) assert.ok(!(await names(client)).includes(tool), tool);
    await client.close();
  });

  test('over HTTP each caller brings a project, and none gets the server\'s secret', async () => {
    const connector = await startConnector({
      env: environment({ MOTIONESS_BASE_URL: proxy, MOTIONESS_PROJECT_KEY: 'pk_signed_server', MOTIONESS_SIGNING_SECRET: secret }),
    });
    const http = (headers, mode = 'auto') =>
      open(new StreamableHTTPClientTransport(new URL(connector.url), { requestInit: { headers: { Authorization: `Bearer ${key}`, ...headers } } }), mode);
    try {
      const stranger = await http({});
      for (const tool of tools) assert.ok(!(await names(stranger)).includes(tool), tool);
      await assert.rejects(stranger.callTool({ name: tools[0], arguments: { source_url } }));
      for (const [name, mode] of [['legacy', 'legacy'], ['2026', { pin: '2026-07-28' }]]) {
        const project = `pk_http_${name}`;
        const client = await http({ 'X-Motioness-Project-Key': project }, mode);
        for (const tool of tools) assert.ok((await names(client)).includes(tool), tool);
        await makeVideo(client, project);
        await client.close();
      }
      const signer = await http({ 'X-Motioness-Project-Key': 'pk_signed_server' });
      const built = await call(signer, 'build_motion_url', { source_url });
      assert.equal(built.signed, false);
      await Promise.all([stranger.close(), signer.close()]);
    } finally {
      await connector.stop();
    }
  });

  test('from a terminal', async () => {
    const env = environment({ MOTIONESS_BASE_URL: proxy, MOTIONESS_PROJECT_KEY: 'pk_terminal', MOTION_API_KEY: key });
    const run = async (...args) => JSON.parse((await promisify(execFile)(binary, ['call', ...args, '--json'], { env, timeout: 60_000 })).stdout);
    const built = await run('build_motion_url', '--source_url', source_url, '--dur', '4');
    const output = join(await mkdtemp(join(tmpdir(), 'motion-mcp-asset-')), 'asset.mp4');
    const asset = await run('get_motion_asset', '--url', built.url, '--output', output);
    assert.equal(asset.ready, true);
    assert.equal((await readFile(output)).toString('latin1', 4, 8), 'ftyp');
    assert.equal((await generations('pk_terminal')).length, 1);
  });
});
