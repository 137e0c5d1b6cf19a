// Tries to break: two users of one connector at the same time, each with a key of its own. Neither may see, guess or
// infer the other's job, and a caller without a key gets nowhere.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { environment, speed, startConnector } from './lib/server.mjs';

let connector;
before(async () => {
  connector = await startConnector({ args: ['--sandbox', '--speed', speed], env: environment() });
});
after(() => connector.stop());

async function open(headers, mode) {
  const client = new Client({ name: 'interop-owners', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(connector.url), { requestInit: { headers } }));
  return client;
}

const bearer = (name) => ({ Authorization: `Bearer motion_${name}_0123456789abcdef0123456789` });
const call = (client, name, args) => client.callTool({ name, arguments: args });

async function untilReady(client, job_id) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    const { structuredContent } = await call(client, 'get_video_status', { job_id });
    if (structuredContent.ready) return structuredContent;
  }
  throw new Error(`${job_id} was not ready in 60 s`);
}

describe('two owners at one connector', { timeout: 120_000 }, () => {
  test('each makes its video, and the other\'s job does not exist for it', async () => {
    const [ada, bob] = await Promise.all([open(bearer('ada'), 'legacy'), open(bearer('bob'), { pin: '2026-07-28' })]);
    const jobs = await Promise.all([ada, bob].map((client) => call(client, 'create_video', { prompt: 'The same words.' })));
    const [hers, his] = jobs.map((result) => result.structuredContent.job_id);
    assert.notEqual(hers, his);
    for (const [client, foreign] of [[ada, his], [bob, hers]]) {
      const never = '00000000-0000-4000-8000-000000000000';
      const [seen, unknown] = await Promise.all([foreign, never].map((job_id) => call(client, 'get_video_status', { job_id })));
      assert.equal(seen.isError, true);
      assert.equal(seen.content[0].text.replaceAll(foreign, never), unknown.content[0].text, 'another\'s job looks like none');
      assert.equal((await call(client, 'followup_video', { job_id: foreign, prompt: 'Mine now.' })).isError, true);
    }
    await Promise.all([untilReady(ada, hers), untilReady(bob, his)]);
    for (const [client, own] of [[ada, hers], [bob, his]]) {
      const { structuredContent } = await call(client, 'list_videos', { refresh: true });
      assert.deepEqual(structuredContent.videos.map((video) => [video.job_id, video.state]), [[own, 'ready']]);
      const { contents } = await client.readResource({ uri: 'motion://jobs' });
      assert.deepEqual(JSON.parse(contents[0].text).videos.map((video) => video.job_id), [own]);
      const ref = { type: 'ref/resource', uri: 'motion://jobs/{job_id}' };
      const { completion } = await client.complete({ ref, argument: { name: 'job_id', value: '' } });
      assert.deepEqual(completion.values, [own]);
    }
    await Promise.all([ada.close(), bob.close()]);
  });

  test('without a key, or with one in the query, nothing is served', async () => {
    for (const mode of ['legacy', 'auto']) await assert.rejects(open({}, mode));
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const response = await fetch(`${connector.url}?key=motion_ada_0123456789abcdef0123456789`,
      { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), 'Bearer');
  });
});
