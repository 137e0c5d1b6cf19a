// Tries to break: every line that the server emits, in every version, in every status and for every kind of fault,
// against the official schema of that version; and structuredContent against the tool's own outputSchema.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Conversation } from './lib/conversation.mjs';
import { compile, versions } from './lib/schemas.mjs';
import { environment, key, startSandbox } from './lib/server.mjs';
import { startSilentApi } from './lib/silent_api.mjs';

const hasStructuredContent = (version) => version >= '2025-06-18';
const hasResourceLinks = (version) => version >= '2025-06-18';

let sandbox;
let silent;
before(async () => {
  sandbox = await startSandbox('100');
  silent = await startSilentApi();
});
after(() => {
  sandbox.stop();
  silent.stop();
});

const withKey = (url) => ({ env: environment({ MOTION_API_KEY: key, MOTION_API_BASE_URL: url }) });

// Runs `body` in a conversation and then holds every emitted line against the schema.
async function converse(version, where, body) {
  const talk = new Conversation(version, where);
  try {
    await talk.open();
    await body(talk);
  } finally {
    assert.equal(await talk.close(), 0, 'the server ends well');
  }
  assert.deepEqual(talk.faults(), []);
}

async function validators(talk) {
  const { result } = await talk.request('tools/list');
  // A client that is shown an outputSchema refuses an answer without structuredContent.
  if (!hasStructuredContent(talk.version)) {
    assert.ok(result.tools.every((tool) => !('outputSchema' in tool)), 'nothing is promised that the version lacks');
    return {};
  }
  return Object.fromEntries(result.tools.map((tool) => [tool.name, compile(tool.outputSchema)]));
}

// Calls a tool and holds the result against its outputSchema; returns the job, wherever the version puts it.
async function job(talk, schemas, name, args) {
  const result = await talk.call(name, args);
  assert.ok(Array.isArray(result.content) && result.content.length > 0, JSON.stringify(result));
  if (result.isError) return { failed: true, text: result.content[0].text };
  if (!hasStructuredContent(talk.version)) {
    assert.equal(result.structuredContent, undefined);
    assert.ok(result.content.every((block) => block.type === 'text'), 'no content type that the version lacks');
    return { text: result.content[0].text };
  }
  assert.ok(schemas[name](result.structuredContent), JSON.stringify([schemas[name].errors, result.structuredContent]));
  return { ...result.structuredContent, links: result.content.filter((block) => block.type === 'resource_link') };
}

const uuidIn = (text) => /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0];

// Follows a job until `ended(job)`; returns every state that was seen.
async function follow(talk, schemas, job_id, ended) {
  const seen = [];
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(25)) {
    seen.push(await job(talk, schemas, 'get_video_status', { job_id }));
    if (ended(seen.at(-1))) return seen;
  }
  throw new Error(`${job_id} did not end: ${JSON.stringify(seen.at(-1))}`);
}

const isReady = (state) => state.ready ?? /^MP4: http/m.test(state.text);

// A server of its own for each test: more at a time would be too slow to see a job run.
describe('every emitted message is valid', { timeout: 170_000, concurrency: 8 }, () => {
  for (const version of versions) {
    test(`${version}: the methods of the protocol`, () => converse(version, withKey(sandbox.url), async (talk) => {
      assert.ok((await talk.request('tools/list')).result.tools.length >= 3);
      assert.equal((await talk.request('tools/list', { cursor: 'none' })).error.code, -32602);
      const ping = await talk.request('ping');
      if (talk.isPerRequest) assert.equal(ping.error.code, -32601);
      else assert.deepEqual(ping.result, {});
      assert.equal((await talk.request('tools/fly')).error.code, -32601);
      assert.equal((await talk.request('tools/call', { name: 'fly', arguments: {} })).error.code, -32602);
      assert.equal((await talk.request('tools/call', {})).error.code, -32602);
      assert.equal((await talk.call('create_video')).isError, true);
      if (!talk.isPerRequest) return;
      await talk.request('subscriptions/listen', { notifications: {} });
      const future = await talk.request('tools/list', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } });
      assert.equal(future.error.code, -32022);
    }));

    test(`${version}: a job from its start to a revised video`, () => converse(version, withKey(sandbox.url), async (talk) => {
      const schemas = await validators(talk);
      const created = await job(talk, schemas, 'create_video', { prompt: 'A launch video.', duration: '<10s' });
      const job_id = created.job_id ?? uuidIn(created.text);
      const states = await follow(talk, schemas, job_id, isReady);
      if (hasResourceLinks(version)) {
        assert.ok(states.some((state) => state.status === 'running'));
        assert.deepEqual(states.filter((state) => state.links.length > 0), [states.at(-1)]);
        assert.ok(states.filter((state) => state.status === 'running').every((state) => JSON.stringify({ ...state, links: undefined }).length <= 400));
      }
      await job(talk, schemas, 'followup_video', { job_id, prompt: 'Larger.' });
      assert.ok((await follow(talk, schemas, job_id, isReady)).length > 1, 'the old output does not count');
    }));

    test(`${version}: a job is found again, by list_videos and as a resource`, () => converse(version, withKey(sandbox.url), async (talk) => {
      const schemas = await validators(talk);
      const created = await job(talk, schemas, 'create_video', { prompt: `A video for the list of ${version}.` });
      const job_id = created.job_id ?? uuidIn(created.text);
      await job(talk, schemas, 'create_video', { prompt: `sandbox:charge-then-500 ${version}` });
      for (const args of [{}, { limit: 1 }, { refresh: true }, { status: 'uncertain' }, { status: 'failed' }]) {
        await job(talk, schemas, 'list_videos', args);
      }
      const uri = `motion://jobs/${job_id}`;
      const read = async (asked) => JSON.parse((await talk.request('resources/read', { uri: asked })).result.contents[0].text);
      assert.ok((await read('motion://jobs')).videos.some((video) => video.job_id === job_id));
      assert.equal((await read(uri)).job_id, job_id);
      assert.equal((await talk.request('resources/list')).result.resources[0].uri, 'motion://jobs');
      const { resourceTemplates } = (await talk.request('resources/templates/list')).result;
      const ref = { type: 'ref/resource', uri: resourceTemplates[0].uriTemplate };
      const { result } = await talk.request('completion/complete', { ref, argument: { name: 'job_id', value: job_id.slice(0, 8) } });
      assert.deepEqual(result.completion.values, [job_id]);
      const missing = talk.isPerRequest ? -32602 : -32002;
      assert.equal((await talk.request('resources/read', { uri: 'motion://nothing' })).error.code, missing);
      assert.equal((await talk.request('resources/read', { uri: 'motion://jobs/00000000-0000-4000-8000-000000000000' })).error.code, missing);
    }));

    test(`${version}: what goes wrong at the service`, () => converse(version, withKey(sandbox.url), async (talk) => {
      const schemas = await validators(talk);
      const refused = ['no-credits', 'pro-feature', 'error-500', 'charge-then-500'].map(async (name) => {
        const result = await job(talk, schemas, 'create_video', { prompt: `sandbox:${name}` });
        assert.equal(result.failed, true, name);
      });
      const ends = (name, ended) => async () => {
        const created = await job(talk, schemas, 'create_video', { prompt: `sandbox:${name}` });
        await follow(talk, schemas, created.job_id ?? uuidIn(created.text), ended);
      };
      const isNamed = (...words) => (state) => words.some((word) => JSON.stringify(state).includes(word));
      const conflict = async () => {
        const created = await job(talk, schemas, 'create_video', { prompt: 'sandbox:stuck' });
        const job_id = created.job_id ?? uuidIn(created.text);
        assert.equal((await job(talk, schemas, 'followup_video', { job_id, prompt: 'Too early.' })).failed, true);
      };
      await Promise.all([
        ...refused,
        conflict(),
        ends('fail', isNamed('failed'))(),
        ends('credits-run-out', isNamed('failed'))(),
        ends('output-fail', isNamed('failed'))(),
        ends('await-input', isNamed('awaiting_user_input', 'motion.so'))(),
        ends('unknown-status', (state) => state.status ? !['queued', 'created', 'running'].includes(state.status) : true)(),
        ends('slow', () => true)(),
        job(talk, schemas, 'create_video', { prompt: 'sandbox:rate-limit' }),
        job(talk, schemas, 'get_video_status', { job_id: '00000000-0000-4000-8000-000000000000' }),
      ]);
    }));

    test(`${version}: no service, no key, no access`, async () => {
      const closed = 'http://127.0.0.1:9/api/motion';
      const fails = (where, hasKey = false) => converse(version, where, async (talk) => {
        const schemas = await validators(talk);
        for (const [name, args] of [['create_video', { prompt: 'x' }], ['followup_video', { job_id: '00000000-0000-4000-8000-000000000000', prompt: 'x' }],
          ['get_video_status', { job_id: '00000000-0000-4000-8000-000000000000' }], ...(hasKey ? [] : [['list_videos', {}]])]) {
          assert.equal((await job(talk, schemas, name, args)).failed, true);
        }
      });
      await Promise.all([
        fails(withKey(closed), true),
        fails(withKey('https://no-such-host.invalid/api/motion'), true),
        fails({ env: environment() }),
        fails({ env: environment({ MOTION_API_KEY: 'not a key' }) }),
        fails({ env: environment({ MOTION_API_KEY: '${MOTION_API_KEY}' }) }),
      ]);
    });

    test(`${version}: a cancelled call has no answer`, () => converse(version, withKey(silent.url), async (talk) => {
      const { id, text } = talk.prepare('tools/call', { name: 'get_video_status', arguments: { job_id: '00000000-0000-4000-8000-000000000000' } });
      talk.write(text);
      const params = { requestId: id, reason: 'not needed' };
      talk.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
      talk.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'never asked' } }));
      talk.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled' }));
      await talk.request('tools/list');
      assert.equal(await talk.close(), 0);
      assert.ok(!talk.messages().some((message) => message.id === id));
    }));

    test(`${version}: what is no message is refused, and the next line is served`, () => converse(version, withKey(sandbox.url), async (talk) => {
      const deep = `{"jsonrpc":"2.0","id":"deep","method":"ping","params":${'{"a":'.repeat(100)}1${'}'.repeat(101)}`;
      const wrong = [
        ['{"jsonrpc":"2.0","id":"cut","method":', 'cut'],
        ['nonsense', null],
        ['{}', null],
        ['7', null],
        ['[]', null],
        ['{"jsonrpc":"1.0","id":"old","method":"ping"}', 'old'],
        ['{"jsonrpc":"2.0","id":"typed","method":7}', 'typed'],
        ['{"jsonrpc":"2.0","id":null,"method":"ping"}', null],
        ['{"jsonrpc":"2.0","id":"listed","method":"tools/list","params":[1]}', 'listed'],
        [deep, 'deep'],
        [Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":"utf","method":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]), 'utf'],
        ['{"jsonrpc":"2.0","id":"nul","method":"pi\0ng"}', 'nul'],
        [`{"jsonrpc":"2.0","id":"long","method":"ping","params":{"a":"${'x'.repeat(5 << 20)}"}}`, 'long'],
      ];
      for (const [line, id] of wrong) {
        const from = talk.messages().length;
        talk.write(line);
        const answer = await talk.next((message) => 'error' in message, from);
        assert.ok(answer.error.code <= -32600 && answer.error.code >= -32700, JSON.stringify(answer));
        assert.equal(answer.id ?? null, id, `${String(line).slice(0, 60)}: ${JSON.stringify(answer)}`);
        assert.ok((await talk.request('tools/list')).result, String(line).slice(0, 60));
      }
      const { id, text } = talk.prepare('tools/list');
      talk.write(`${text}\r`);
      assert.ok((await talk.answerTo(id)).result, 'CRLF');
    }));
  }

  test('2026-07-28: tasks from their beginning to every end', () => converse('2026-07-28', withKey(sandbox.url), async (talk) => {
    const schemas = await validators(talk);
    const declared = { 'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } } };
    const ask = (method, params) => talk.request(method, { ...params, _meta: declared });
    const finished = async (name, args) => {
      const task = (await ask('tools/call', { name, arguments: args })).result;
      assert.equal(task.resultType, 'task', JSON.stringify(task));
      const { taskId } = task;
      for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
        const seen = (await ask('tasks/get', { taskId })).result;
        assert.equal(seen.createdAt, task.createdAt);
        if (seen.status === 'working') continue;
        const { structuredContent } = seen.result;
        if (structuredContent) assert.ok(schemas[name](structuredContent), JSON.stringify([schemas[name].errors, structuredContent]));
        return { taskId, ...seen };
      }
      throw new Error(`${taskId} did not end`);
    };
    const revised = async () => {
      const { job_id, ready } = (await finished('create_video', { prompt: 'A task.' })).result.structuredContent;
      assert.equal(ready, true);
      const { taskId, result } = await finished('followup_video', { job_id, prompt: 'Larger.' });
      assert.equal(result.structuredContent.ready, true);
      for (const method of ['tasks/update', 'tasks/cancel']) {
        assert.equal((await ask(method, { taskId, inputResponses: {} })).result.resultType, 'complete');
      }
    };
    const listened = async () => {
      const { taskId } = (await ask('tools/call', { name: 'create_video', arguments: { prompt: 'Listened to.' } })).result;
      const end = await ask('subscriptions/listen', { notifications: { taskIds: [taskId, 'nobody'] } });
      assert.equal(end.result.resultType, 'complete');
      const told = talk.messages().filter((message) => message.method === 'notifications/tasks');
      assert.deepEqual([told.at(-1).params.taskId, told.at(-1).params.status], [taskId, 'completed']);
    };
    const ends = async (name, isError) => {
      const { status, result } = await finished('create_video', { prompt: `sandbox:${name}` });
      assert.deepEqual([status, result.isError ?? false], ['completed', isError], name);
    };
    await Promise.all([revised(), listened(), ends('fail', true), ends('output-fail', true), ends('await-input', false)]);
    assert.equal((await ask('tools/call', { name: 'create_video', arguments: { prompt: 'sandbox:no-credits' } })).result.isError, true);
    assert.equal((await ask('tasks/get', { taskId: 'nobody' })).error.code, -32602);
    assert.equal((await ask('tasks/list')).error.code, -32601);
    assert.equal((await talk.request('tasks/get', { taskId: 'nobody' })).error.code, -32021);
  }));

  test('2025-03-26: a batch is answered by a batch', () => converse('2025-03-26', withKey(sandbox.url), async (talk) => {
    const list = talk.prepare('tools/list');
    const ping = talk.prepare('ping');
    talk.write(`[${list.text},{"jsonrpc":"2.0","method":"notifications/initialized"},${ping.text}]`);
    await Promise.all([talk.answerTo(list.id), talk.answerTo(ping.id)]);
    assert.equal(talk.emitted.filter(Array.isArray).length, 1);
  }));

  test('2025-03-26: a batch with a fault in it answers each part', () => converse('2025-03-26', withKey(sandbox.url), async (talk) => {
    const ping = talk.prepare('ping');
    talk.write(`[${ping.text},{"jsonrpc":"2.0","id":"odd"}]`);
    assert.deepEqual((await talk.answerTo(ping.id)).result, {});
    assert.equal((await talk.answerTo('odd')).error.code, -32600);
  }));

  for (const version of ['2025-06-18', '2025-11-25', '2026-07-28']) {
    test(`${version}: a batch is refused, for the version has none`, () => converse(version, withKey(sandbox.url), async (talk) => {
      const from = talk.messages().length;
      talk.write(`[${talk.prepare('tools/list').text}]`);
      assert.equal((await talk.next((message) => 'error' in message, from)).error.code, -32600);
      assert.ok((await talk.request('tools/list')).result);
    }));
  }
});
