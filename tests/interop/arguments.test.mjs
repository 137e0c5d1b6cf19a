// Tries to break: the agreement between the advertised inputSchema and what the tools take, with ajv as the judge. A
// disagreement either way costs an agent: a refusal that it could not foresee, or a request that the service refuses.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Conversation } from './lib/conversation.mjs';
import { compile } from './lib/schemas.mjs';
import { environment, key } from './lib/server.mjs';

const job_id = '00000000-0000-4000-8000-000000000000';
const astral = (count) => '𝄞'.repeat(count);
const odd = [null, true, 7, 1.5, '', [], {}, 'x', ['x'], { x: 1 }];

// One property at a time, at and beyond its bounds, and with values of every type.
const briefs = [
  { prompt: 'x'.repeat(12_000) }, { prompt: 'x'.repeat(12_001) }, { prompt: astral(12_000) }, { prompt: astral(12_001) },
  ...odd.map((prompt) => ({ prompt })),
  ...['16:9', '9:16', '1:1', '4:5', '21:9', '16:10', '16:9 ', ...odd].map((aspect_ratio) => ({ prompt: 'x', aspect_ratio })),
  ...['<10s', '10-30s', '30s-1min', '1-5min', '10s', ...odd].map((duration) => ({ prompt: 'x', duration })),
  ...['stripe', 'a-new-one', ...odd].map((design_system_id) => ({ prompt: 'x', design_system_id })),
  ...['# Rules', { filename: 'DESIGN.md', content: '# Rules' }, { content: '# Rules' }, { filename: 'DESIGN.md' },
    { filename: 'DESIGN.md', content: 'x', more: 1 }, { filename: 1, content: 'x' }, ...odd].map((design_md) => ({ prompt: 'x', design_md })),
  ...['https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'https://youtu.be/dQw4w9WgXcQ'].map((style_reference_url) => ({ prompt: 'x', style_reference_url })),
  ...[null, true, 7, '', [], {}].map((style_reference_url) => ({ prompt: 'x', style_reference_url })),
  ...[0, 1, 10, 11].map((count) => ({ prompt: 'x', attachments: Array(count).fill({ url: 'https://storage.example.com/a.png' }) })),
  ...[
    { url: 'https://a.example/a', name: 'n'.repeat(240) }, { url: 'https://a.example/a', name: 'n'.repeat(241) },
    { url: 'https://a.example/a', name: astral(240) }, { url: 'https://a.example/a', name: astral(241) },
    { url: `https://a.example/${'a'.repeat(4096 - 18)}` }, { url: `https://a.example/${'a'.repeat(4096 - 17)}` },
    { url: 'https://a.example/a', type: 'image' }, { url: 'https://a.example/a', type: 'picture' },
    { url: 'https://a.example/a', content_type: 'image/png' }, { url: 'https://a.example/a', content_type: 7 },
    { url: 'https://a.example/a', size: 7 }, { name: 'no url' }, { url: 7 }, ...odd,
  ].map((attachment) => ({ prompt: 'x', attachments: [attachment] })),
  ...odd.map((attachments) => ({ prompt: 'x', attachments })),
  { prompt: 'x', Prompt: 'x' }, { prompt: 'x', aspectRatio: '16:9' }, {},
];

const cases = {
  create_video: briefs,
  followup_video: [...briefs.map((brief) => ({ job_id, ...brief })), { prompt: 'x' }, ...odd.map((id) => ({ job_id: id, prompt: 'x' }))],
  get_video_status: [
    { job_id }, {}, { job_id, more: 1 }, { jobId: job_id }, ...[null, true, 7, [], {}].map((id) => ({ job_id: id })),
    ...[0, -1, 0.5, '5', null, true, [], {}].map((wait_seconds) => ({ job_id, wait_seconds })),
  ],
  refresh_video_card: [{ job_id }, {}, { job_id, wait_seconds: 1 }, ...odd.map((id) => ({ job_id: id }))],
  list_videos: [
    {}, { more: 1 }, { state: 'ready' }, ...[1, 10, 50, 51, 0, -1, 1.5, '5', null, [], {}].map((limit) => ({ limit })),
    ...['all', 'unfinished', 'ready', 'failed', 'uncertain', 'completed', 'Ready', ...odd].map((status) => ({ status })),
    ...[true, false, 'true', 1, null].map((refresh) => ({ refresh })), ...odd.map((cursor) => ({ cursor })),
  ],
};

let talk;
before(async () => {
  // Nobody listens there: what the schema lets pass fails later, and costs nothing.
  const env = environment({ MOTION_API_KEY: key, MOTION_API_BASE_URL: 'http://127.0.0.1:9/api/motion' });
  // Without a history, list_videos fails as well.
  talk = new Conversation('2025-11-25', { args: ['--ledger', 'off'], env });
  await talk.open();
});
after(() => talk.close());

describe('the arguments that a tool takes are those of its inputSchema', { timeout: 170_000 }, () => {
  for (const [name, table] of Object.entries(cases)) {
    test(`${name}: ${table.length} arguments`, async () => {
      const { result } = await talk.request('tools/list');
      const { inputSchema } = result.tools.find((tool) => tool.name === name);
      const isValid = compile(inputSchema);
      await Promise.all(table.map(async (args) => {
        const shown = JSON.stringify(args).slice(0, 200);
        const answer = await talk.call(name, args);
        assert.equal(answer.isError, true, shown);
        const { text } = answer.content[0];
        const isRefused = text.startsWith(`${name} was not run`);
        if (isValid(args)) assert.ok(!isRefused, `${shown} is valid but was refused: ${text}`);
        else assert.ok(isRefused, `${shown} is invalid but was taken: ${text}`);
      }));
    });
  }
});
