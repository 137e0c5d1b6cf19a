// What every official client must be able to do with motion-mcp, said once. A client is given as
// connect({ args, env }) -> { client, version, call(name, args, { signal }?), list(), close(), pid? }. A session without a
// pid is one over HTTP.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment, key, speed, within } from './server.mjs';
import { startSilentApi } from './silent_api.mjs';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function textOf(result) {
  return result.content.filter((block) => block.type === 'text').map((block) => block.text).join('\n');
}

async function succeed(session, name, args) {
  const result = await session.call(name, args);
  assert.ok(!result.isError, textOf(result));
  return result;
}

async function untilReady(session, job_id) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    const result = await succeed(session, 'get_video_status', { job_id });
    const job = result.structuredContent;
    if (job.ready) return result;
    // After a followup, output may still show the old video, which is no video to hand out.
    assert.ok(!result.content.some((block) => block.type === 'resource_link'), textOf(result));
    assert.equal(typeof job.poll_after_seconds, 'number', JSON.stringify(job));
  }
  throw new Error(`${job_id} was not ready in 60 s`);
}

async function fetchMp4(result) {
  const { output } = result.structuredContent;
  const link = result.content.find((block) => block.type === 'resource_link');
  assert.equal(link.uri, output.download_url);
  assert.equal(link.mimeType, 'video/mp4');
  assert.ok(textOf(result).includes(output.download_url), 'the text names the URL too');

  const response = await fetch(output.download_url, { signal: AbortSignal.timeout(20_000) });
  assert.equal(response.status, 200);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(bytes.toString('latin1', 4, 8), 'ftyp');
  return bytes;
}

export function describeClient(name, expectedVersion, connect, { over = 'stdio' } = {}) {
  const isStdio = over === 'stdio';
  // Older versions over HTTP: a request that is given up is not known to the server as one that it serves.
  const isCancellable = isStdio || expectedVersion >= '2026-07-28';
  const sandbox = { args: ['--sandbox', '--speed', speed], env: environment() };
  const using = (where, body) => async () => {
    const session = await within(20_000, 'the connection', connect(where));
    try {
      await body(session);
    } finally {
      await session.close();
    }
  };
  const refusing = (body) => using({ args: [], env: environment() }, body);

  describe(`${name} over ${over}`, { timeout: 120_000, concurrency: true }, () => {
    test('agrees on the version and learns who serves', using(sandbox, async ({ client, version }) => {
      assert.equal(version, expectedVersion);
      assert.equal(client.getServerVersion().name, 'motion-mcp');
      assert.ok(client.getServerCapabilities().tools);
      const instructions = client.getInstructions();
      assert.ok(instructions.includes('get_video_status'));
      assert.ok(Buffer.byteLength(instructions) < 2048);
    }));

    test('lists the tools, each with a title and all four hints', using(sandbox, async (session) => {
      const { tools } = await session.list();
      const names = tools.map((tool) => tool.name);
      for (const wanted of ['create_video', 'followup_video', 'get_video_status']) assert.ok(names.includes(wanted), wanted);
      for (const tool of tools) {
        assert.ok(tool.title && tool.description && tool.outputSchema, tool.name);
        for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']) {
          assert.equal(typeof tool.annotations[hint], 'boolean', `${tool.name} ${hint}`);
        }
      }
    }));

    test('makes a video, revises it, and fetches both MP4s', using(sandbox, async (session) => {
      await session.list(); // from here on the client validates structuredContent against outputSchema
      const created = await succeed(session, 'create_video',
        { prompt: 'A launch video — «Aufbruch» 🚀', aspect_ratio: '9:16', duration: '10-30s' });
      const { job_id, ready, next_step } = created.structuredContent;
      assert.match(job_id, uuid);
      assert.equal(ready, false);
      assert.ok(next_step.includes('get_video_status') && next_step.includes(job_id), next_step);
      const first = await fetchMp4(await untilReady(session, job_id));

      const revised = await succeed(session, 'followup_video', { job_id, prompt: 'Make the title larger.' });
      assert.equal(revised.structuredContent.job_id, job_id);
      assert.equal(revised.structuredContent.ready, false);
      const second = await fetchMp4(await untilReady(session, job_id));
      assert.notDeepEqual(second, first, 'the old output must never pass for the new one');
    }));

    test('learns of refusals as results that say what to do', using(sandbox, async (session) => {
      const refused = async (tool, args, ...parts) => {
        const result = await session.call(tool, args);
        assert.equal(result.isError, true);
        for (const part of parts) assert.match(textOf(result), part);
      };
      await refused('create_video', { prompt: '' }, /prompt/, /nothing was spent/i);
      await refused('create_video', { prompt: 'x', aspect_ratio: '3:2' }, /aspect_ratio/, /16:9/);
      await refused('create_video', { prompt: 'x', attachments: [{ url: 'file:///etc/passwd' }] }, /attachments/);
      await refused('create_video', { prompt: 'sandbox:no-credits' }, /credits/);
      await refused('get_video_status', { job_id: 'not-a-uuid' }, /job_id/);
      await refused('get_video_status', { job_id: '00000000-0000-4000-8000-000000000000' }, /job/);
    }));

    test('learns of an unknown tool as a protocol error', using(sandbox, async (session) => {
      await assert.rejects(session.call('create_movie', {}), (error) => error.code === -32602);
    }));

    if (isStdio) test('hears how to set a key when there is none', refusing(async (session) => {
      const result = await session.call('create_video', { prompt: 'x' });
      assert.equal(result.isError, true);
      assert.match(textOf(result), /MOTION_API_KEY/);
    }));

    test('is served while a call hangs, and the call stops when it is cancelled', async () => {
      const api = await startSilentApi();
      const where = { args: [], env: environment({ MOTION_API_KEY: key, MOTION_API_BASE_URL: api.url }) };
      try {
        await using(where, async (session) => {
          const abort = new AbortController();
          const hanging = session.call('get_video_status',
            { job_id: '00000000-0000-4000-8000-000000000000' }, { signal: abort.signal });
          const outcome = assert.rejects(hanging);
          await api.opened(1);
          assert.ok((await session.list()).tools.length >= 3);
          abort.abort('not needed any more');
          await outcome;
          if (isCancellable) await api.closed(1);
          assert.ok((await session.list()).tools.length >= 3);
        })();
      } finally {
        api.stop();
      }
    });

    if (isStdio) test('leaves no process behind when it closes in the middle of a call', async () => {
      const api = await startSilentApi();
      try {
        const session = await connect(
          { args: [], env: environment({ MOTION_API_KEY: key, MOTION_API_BASE_URL: api.url }) });
        // What is in flight may still be answered: whoever pipes requests in wants the answers.
        const hanging = Promise.allSettled([session.call('get_video_status', { job_id: '00000000-0000-4000-8000-000000000000' })]);
        await api.opened(1);
        const { pid } = session;
        await session.close();
        await hanging;
        assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
      } finally {
        api.stop();
      }
    });
  });
}
