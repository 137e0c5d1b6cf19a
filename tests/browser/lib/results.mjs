// Results as the tools make them, for the states that a sandbox does not come by in a moment.
import { readFileSync } from 'node:fs';
import { repository } from '../../interop/lib/server.mjs';

export const html = readFileSync(`${repository}src/ui/video_card.html`, 'utf8');
export const job_id = '405d47cf-f72b-4852-b570-0de2446dbba1';
export const prompt = 'A 15 second launch video for an AI calendar app: calm, confident, with large type and quick cuts between week and day views.';

const result = (structured, card = { age_seconds: 125 }) => ({
  content: [{ type: 'text', text: `As it stands.\nJob ${job_id}: status ${structured.status}.` }],
  structuredContent: { job_id, ready: false, message: 'As it stands.', next_step: 'Wait.', ...structured },
  _meta: { 'motion-mcp/card': card },
});

export const atWork = (status, more = {}) => result({ status, poll_after_seconds: 3, ...more });
export const ended = (structured) => result(structured);

export const ready = (download_url, more = {}) => result({
  status: 'completed', ready: true,
  output: { status: 'completed', download_url, expires_at: '2099-01-01T00:00:00Z', completed_at: '2026-04-28T23:06:41.112Z', ...more.output },
  ...more.structured,
});

export const refusal = (kind, text, spent = 'no') => ({
  content: [{ type: 'text', text }], isError: true, _meta: { 'motion-mcp/error': { kind, spent } },
});

const sourcesOf = [
  { source_kind: 'licensed_library', title: 'Example news footage', source_url: 'https://www.gettyimages.com/1', credit: 'Contributor / Collection', rights_status: 'licensed' },
  { source_kind: 'image_search', title: 'Calendar on a desk', source_url: 'https://news.example.com/2', source_domain: 'news.example.com', rights_status: 'unknown' },
  { source_kind: 'generated', title: 'Voiceover', source_url: null, rights_status: 'generated' },
];
export function sources(count) {
  const list = Array.from({ length: count }, (_, i) => ({ id: `s${i}`, ...sourcesOf[i % 3] }));
  const found = list.filter((source) => source.source_kind === 'image_search').map(({ id }) => id);
  return { sources: list, rights: { total: count, review: [{ reason: 'found by web or image search, rights status "unknown"', sources: found }] } };
}
