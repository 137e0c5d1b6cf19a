// Tries to find a state of the card that somebody cannot read, that is wider than its frame, or that moves what is on the screen when
// the video comes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessibilityFaults, launch } from './lib/browser.mjs';
import { mount } from './lib/host.mjs';
import { startMedia } from './lib/media.mjs';
import { atWork, ended, html, job_id, prompt, ready, refusal, sources } from './lib/results.mjs';
import { startViewServer } from './lib/view_server.mjs';

let browser;
let views;
let media;
before(async () => {
  [browser, views, media] = await Promise.all([launch(), startViewServer(), startMedia()]);
});
after(() => Promise.all([browser.close(), views.close(), media.close()]));

const clip = (name) => `${media.origin}/${name}.mp4`;
const arabic = 'فيديو إطلاق مدته 15 ثانية لتطبيق تقويم بالذكاء الاصطناعي: هادئ وواثق، بخط كبير وانتقالات سريعة.';
const failing = () => { throw new Error('the host lost the server'); };

// What the tool was asked, what it answered, and what the card says then. `serve` answers the card itself.
const states = {
  sending: { says: 'Sending the brief' },
  changing: { args: { job_id }, says: 'Sending the change' },
  'looking it up': { args: { job_id, prompt: undefined }, says: 'Looking up the video' },
  queued: { result: () => atWork('queued'), says: 'Queued' },
  preparing: { result: () => atWork('created'), says: 'Preparing' },
  planning: { result: () => atWork('awaiting_user_input'), says: 'Planning' },
  running: { result: () => atWork('running'), says: 'Making the video' },
  'a status nobody knows': { result: () => atWork('polishing'), says: 'In progress' },
  rendering: { result: () => atWork('completed', { output: { status: 'processing' } }), says: 'Finishing the file' },
  'the followup waits': { result: () => atWork('completed', { output: { status: 'completed', download_url: clip('16x9') } }), says: 'Queued' },
  'awaiting input': { result: () => ended({ status: 'awaiting_user_input', pending_user_input: true }), says: 'Waiting for your answer', offers: ['Answer in Motion'] },
  ready: { result: () => ready(clip('16x9'), { structured: sources(3) }), says: 'Ready', offers: ['Download', 'Open', 'Revise'] },
  portrait: { args: { aspect_ratio: '9:16' }, result: () => ready(clip('9x16')), says: 'Ready' },
  square: { args: { aspect_ratio: '1:1' }, result: () => ready(clip('1x1')), says: 'Ready' },
  tall: { args: { aspect_ratio: '4:5' }, result: () => ready(clip('4x5')), says: 'Ready' },
  wide: { args: { aspect_ratio: '21:9' }, result: () => ready(clip('21x9')), says: 'Ready' },
  failed: { result: () => ended({ status: 'failed', error: 'An attachment is no image.' }), says: 'The video could not be made', shows: 'An attachment is no image.' },
  'output failed': { result: () => ended({ status: 'completed', output: { status: 'failed', error: 'No encoder.' } }), says: 'The file could not be made', shows: 'No encoder.', offers: ['See it in Motion', 'Revise'] },
  'credits ran out': { result: () => ended({ status: 'failed', error: '{"code":"insufficient_credits"}' }), says: 'Credits ran out', offers: ['Add credits'] },
  'no credits': { result: () => refusal('insufficient_credits', 'create_video failed.'), says: 'Not enough credits', offers: ['Add credits'] },
  'not in the plan': { result: () => refusal('plan_required', 'design_md needs a plan.'), says: 'Not part of your plan', shows: 'design_md needs a plan.', offers: ['See plans'] },
  'not agreed to': { result: () => refusal('needs_approval', 'Ask the user.'), says: 'Not started yet' },
  'the answer was lost': { result: () => refusal('outcome_unknown', 'Look first.', 'unknown'), says: 'The answer was lost', offers: ['Look in Motion'] },
  'a host that gave up': { result: () => ({ isError: true, content: [{ type: 'text', text: 'Request timed out' }] }), says: 'The answer was lost', shows: 'Request timed out', offers: ['Look in Motion'] },
  refused: { result: () => refusal('invalid_argument', 'The prompt is blank.'), says: 'That did not work', shows: 'The prompt is blank.' },
  'ended link': { result: () => ready(`${media.origin}/ended/1.mp4`, { output: { expires_at: '2026-01-01T00:00:00Z' } }), says: 'Ready', shows: 'The link to the video has ended.', offers: ['Get a new link', 'Revise'] },
  'lost connection': { result: () => atWork('running'), serve: failing, says: 'Making the video', shows: 'The connection was lost. Trying again…', offers: ['Try now'] },
  'many sources': { result: () => ready(clip('16x9'), { structured: sources(500) }), says: 'Ready', shows: '500 sources' },
  'long prompt': { args: { prompt: `${prompt} `.repeat(90) }, result: () => atWork('running'), says: 'Making the video', shows: 'Show all' },
  'right to left': { args: { prompt: arabic }, result: () => atWork('running'), says: 'Making the video', shows: arabic },
};

const widths = [320, 640, 1024];
const picture = (host) => host.view.locator('#screen').boundingBox();
async function setWidth(host, width) {
  await host.page.setViewportSize({ width: width + 32, height: 800 });
  await host.view.waitForFunction((wanted) => innerWidth === wanted, width);
}

async function inFullView(host, state) {
  await host.view.getByText(state.says, { exact: true }).waitFor();
  if (state.shows) await host.view.getByText(state.shows, { exact: true }).waitFor();
  if (state.says === 'Ready' && !state.offers?.includes('Get a new link')) await host.view.locator('.has-picture').waitFor();
}

describe('each state of the card, in light and dark, narrow and wide', { timeout: 580_000, concurrency: 2 }, () => {
  for (const [name, state] of Object.entries(states)) {
    test(name, async () => {
      const result = state.result?.();
      const host = await mount(browser, views, { html, csp: { resourceDomains: [media.origin] }, callTool: state.serve ?? (() => result) });
      await host.bridge.sendToolInput({ arguments: { prompt, aspect_ratio: '16:9', ...state.args } });
      const places = [];
      for (const width of widths) {
        await setWidth(host, width);
        places.push(await picture(host));
      }
      if (result) await host.bridge.sendToolResult(result);
      await inFullView(host, state);
      if (state.offers) assert.deepEqual(await host.view.locator('#actions > *').allTextContents(), state.offers);
      for (const theme of ['light', 'dark']) {
        host.bridge.setHostContext({ theme });
        await host.view.locator(`[data-theme=${theme}]`).waitFor();
        for (const [i, width] of widths.entries()) {
          await setWidth(host, width);
          const overflow = await host.view.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${theme} at ${width}: ${overflow} px too wide`);
          // Where the picture was to be, it is.
          if (state.says === 'Ready') assert.deepEqual(await picture(host), places[i], `${theme} at ${width}`);
        }
        assert.deepEqual(await accessibilityFaults(host.view), [], theme);
        await setWidth(host, widths[0]);
        assert.deepEqual(await accessibilityFaults(host.view), [], `${theme}, narrow`);
      }
      await host.close();
    });
  }
});
