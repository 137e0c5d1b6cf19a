// Tries to have the card spend, ask too often, too long or for nobody, speak twice, lose its place, or be stuck where a host or a
// network does less than it hoped.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessibilityFaults, launch } from './lib/browser.mjs';
import { everything, mount } from './lib/host.mjs';
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
const endedLink = (name) => `${media.origin}/ended/${name}`;
const without = (...names) => Object.fromEntries(Object.entries(everything).filter(([name]) => !names.includes(name)));

// A card for a call that was answered with `result`; a look is answered by `serve`, with the same result unless told otherwise.
async function draw(result, { serve = () => result, csp = { resourceDomains: [media.origin] }, ...options } = {}) {
  const host = await mount(browser, views, { html, csp, callTool: async (params) => serve(params), ...options });
  await host.bridge.sendToolInput({ arguments: { prompt, aspect_ratio: '16:9' } });
  await host.bridge.sendToolResult(result);
  return host;
}

const says = (host, sentence) => host.view.getByText(sentence, { exact: true }).waitFor();
const hasPicture = (host) => host.view.locator('.has-picture').waitFor();
const act = (host, name) => host.view.locator('#actions').getByText(name, { exact: true }).click();
const offers = (host) => host.view.locator('#actions > *').allTextContents();
const looks = (host) => host.calls.length;

// Time that the test lets pass. Timers of the card do not fire in between.
async function withClock(host, milliseconds) {
  await host.page.clock.runFor(milliseconds);
}
// Waits for what the card does of its own between two ticks of that time.
const until = async (what, condition) => {
  for (let i = 0; i < 200; ++i) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${what} did not come`);
};

describe('looking at the job', { timeout: 580_000, concurrency: 2 }, () => {
  test('goes on every 2 to 10 s by the read-only tool alone, for half an hour, and again when asked', async () => {
    const host = await mount(browser, views, { html, callTool: () => atWork('running'), clock: true });
    await host.bridge.sendToolInput({ arguments: { prompt } });
    await host.bridge.sendToolResult(atWork('queued'));
    await until('the first look', () => looks(host) === 1);
    await withClock(host, 1_900);
    assert.equal(looks(host), 1);
    let before = 1;
    for (let minute = 0; minute < 30; ++minute) {
      for (let i = 0; i < 6; ++i) await withClock(host, 10_000);
      assert.ok(looks(host) > before && looks(host) <= before + 31, `${looks(host) - before} in a minute`);
      before = looks(host);
    }
    // The last answer may come while the time stands, and the next look is counted from it.
    const end = host.view.getByText('Still being made. The card stopped looking after 30 minutes.', { exact: true });
    await until('the end', async () => {
      await withClock(host, 1_000);
      return end.isVisible();
    });
    const stopped = looks(host);
    await withClock(host, 600_000);
    assert.equal(looks(host), stopped);
    assert.deepEqual([...new Set(host.calls.map(({ name }) => name))], ['refresh_video_card']);
    assert.deepEqual(host.calls[0].arguments, { job_id });
    await act(host, 'Look again');
    await until('another look', () => looks(host) > stopped);
    await host.close();
  });

  test('keeps to what the server asks for, within 2 and 10 s', async () => {
    for (const [asked, least, most] of [[0, 1_900, 2_100], [4, 3_900, 4_100], [600, 9_900, 10_100], ['soon', 4_900, 5_100]]) {
      const host = await mount(browser, views, { html, callTool: () => atWork('running', { poll_after_seconds: asked }), clock: true });
      await host.bridge.sendToolResult(atWork('queued'));
      await until('the first look', () => looks(host) === 1);
      // The answer is taken in before its time begins.
      await says(host, 'Making the video');
      await withClock(host, least);
      assert.equal(looks(host), 1, `${asked}: too early`);
      await withClock(host, most - least);
      await until(`a look after ${asked}`, () => looks(host) === 2);
      await host.close();
    }
  });

  test('stops at each end', async () => {
    for (const result of [ready(clip('16x9')), ended({ status: 'failed' }), ended({ status: 'completed', output: { status: 'failed' } }), refusal('not_found', 'No such job.')]) {
      const host = await mount(browser, views, { html, csp: { resourceDomains: [media.origin] }, callTool: () => result, clock: true });
      await host.bridge.sendToolInput({ arguments: { prompt } });
      await host.bridge.sendToolResult(atWork('queued'));
      await until('the first look', () => looks(host) === 1);
      await host.view.waitForFunction(() => document.getElementById('status').textContent !== 'Queued');
      await withClock(host, 120_000);
      assert.equal(looks(host), 1);
      await host.close();
    }
  });

  test('stops when the host takes the card down, and answers it', async () => {
    const host = await mount(browser, views, { html, callTool: () => atWork('running'), clock: true });
    await host.bridge.sendToolResult(atWork('queued'));
    await until('the first look', () => looks(host) === 1);
    await says(host, 'Making the video');
    assert.deepEqual(await host.bridge.teardownResource({}), {});
    await withClock(host, 120_000);
    assert.equal(looks(host), 1);
    await host.close();
  });

  test('waits while nobody can see the card, and is done at once when somebody can', async () => {
    const host = await mount(browser, views, { html, callTool: () => atWork('running'), clock: true });
    await host.page.evaluate(() => { document.body.style.paddingTop = '5000px'; });
    // Observers are told in the order they were made: the card's own knows it by then.
    await host.view.evaluate(() => new Promise((isOut) => {
      new IntersectionObserver(([entry]) => entry.isIntersecting || isOut(), { rootMargin: '200px' }).observe(document.querySelector('#card'));
    }));
    await host.bridge.sendToolResult(atWork('queued'));
    await says(host, 'Queued');
    await withClock(host, 60_000);
    const before = looks(host);
    assert.equal(before, 0);
    await host.page.evaluate(() => scrollTo(0, 5000));
    await until('a look', () => looks(host) > before);
    await host.close();
  });

  test('waits while its page is not shown', async () => {
    const host = await mount(browser, views, { html, callTool: () => atWork('running'), clock: true });
    const hide = (hidden) => host.view.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await hide(true);
    await host.bridge.sendToolResult(atWork('queued'));
    await says(host, 'Queued');
    await withClock(host, 60_000);
    assert.equal(looks(host), 0);
    await hide(false);
    await until('a look', () => looks(host) === 1);
    await host.close();
  });

  test('counts the time since the order', async () => {
    const host = await mount(browser, views, { html, callTool: () => atWork('running'), clock: true });
    await host.bridge.sendToolResult(atWork('queued'));
    await says(host, '2:05');
    await withClock(host, 1_000);
    await says(host, '2:06');
    await host.close();
  });

  test('survives a server that is away, says so, and goes on', async () => {
    let isAway = true;
    const serve = () => {
      if (isAway) throw new Error('away');
      return atWork('completed', { output: { status: 'processing' } });
    };
    const host = await draw(atWork('running'), { serve });
    await says(host, 'The connection was lost. Trying again…');
    isAway = false;
    await act(host, 'Try now');
    await says(host, 'Finishing the file');
    await host.view.getByText('The connection was lost. Trying again…').waitFor({ state: 'hidden' });
    assert.deepEqual(await offers(host), []);
    await host.close();
  });

  test('a refusal that may pass is a lost connection, one that will not is an end', async () => {
    const passing = await draw(atWork('running'), { serve: () => refusal('rate_limited', 'Too often.') });
    await says(passing, 'The connection was lost. Trying again…');
    const final = await draw(atWork('running'), { serve: () => refusal('unauthenticated', 'The key is refused.') });
    await says(final, 'This video cannot be read');
    await says(final, 'The key is refused.');
    await Promise.all([passing.close(), final.close()]);
  });
});

describe('the video', { timeout: 300_000, concurrency: 2 }, () => {
  test('plays without a sound for who waited for it, and the model is told once', async () => {
    const answers = [atWork('running'), ready(clip('16x9'))];
    const host = await draw(atWork('queued'), { serve: () => answers.shift() ?? ready(clip('16x9')) });
    await hasPicture(host);
    await host.view.waitForFunction(() => document.querySelector('video').currentTime > 0.3);
    assert.ok(await host.view.evaluate(() => document.querySelector('video').muted));
    await says(host, '0:03');
    assert.equal(host.contexts.length, 1);
    const [{ text }] = host.contexts[0].content;
    assert.ok(text.includes(job_id) && text.includes(clip('16x9')) && text.includes('2099-01-01T00:00:00Z'), text);
    assert.deepEqual(host.complaints, []);
    await host.close();
  });

  test('does not start for who comes back to it, nor where nothing is to move', async () => {
    const back = await draw(ready(clip('16x9')));
    const calm = await draw(atWork('running'), { serve: () => ready(clip('16x9')), page: { reducedMotion: 'reduce' } });
    for (const host of [back, calm]) {
      await hasPicture(host);
      assert.ok(await host.view.evaluate(() => document.querySelector('video').paused));
    }
    assert.deepEqual(back.contexts, []);
    await Promise.all([back.close(), calm.close()]);
  });

  test('that its host does not let through is a picture to open, without asking for another link', async () => {
    const host = await draw(ready(clip('16x9')), { csp: {} });
    await says(host, 'The video cannot be played here. Open or download it instead.');
    assert.deepEqual(await offers(host), ['Download', 'Open', 'Revise']);
    await host.view.getByRole('link', { name: 'Open the video' }).click();
    await until('the link', () => host.links.length === 1);
    assert.deepEqual(host.links, [{ url: clip('16x9') }]);
    assert.equal(looks(host), 0);
    assert.deepEqual(await accessibilityFaults(host.view), []);
    await host.close();
  });

  test('whose link has ended is asked for once, and plays', async () => {
    const byClock = ready(endedLink('a'), { output: { expires_at: '2026-01-01T00:00:00Z' } });
    const bySurprise = ready(endedLink('b'));
    for (const result of [byClock, bySurprise]) {
      const host = await draw(result, { serve: () => ready(clip('16x9')) });
      await hasPicture(host);
      assert.equal(looks(host), 1);
      assert.equal(await host.view.evaluate(() => document.querySelector('video').src), clip('16x9'));
      await host.close();
    }
  });

  test('whose fresh links end as well is given up after one of them, and asked for again by hand', async () => {
    let count = 0;
    const host = await draw(ready(endedLink('0')), { serve: () => ready(endedLink(String(++count)), { output: { expires_at: '2026-01-01T00:00:00Z' } }) });
    await says(host, 'The link to the video has ended.');
    assert.equal(looks(host), 1);
    assert.deepEqual(await offers(host), ['Get a new link', 'Revise']);
    await act(host, 'Get a new link');
    await until('another', () => looks(host) === 2);
    await says(host, 'The link to the video has ended.');
    await host.close();
  });

  test('whose file is spoilt is given up after one fresh link, whether or not somebody sees it', async () => {
    let count = 0;
    const spoilt = () => ready(`${media.origin}/spoilt/16x9.mp4?${++count}`);
    const host = await draw(atWork('running'), { serve: spoilt, page: { reducedMotion: 'no-preference' } });
    await says(host, 'The video cannot be played here. Open or download it instead.');
    assert.equal(looks(host), 2);
    assert.deepEqual(await offers(host), ['Download', 'Open', 'Revise']);
    await host.close();
  });

  test('that plays is left alone by a look that is refused; one that does not is gone', async () => {
    for (const [first, label] of [[ready(clip('16x9')), 'Ready'], [ready(endedLink('a')), 'This video cannot be read']]) {
      let answer;
      const answered = new Promise((resolve) => { answer = resolve; });
      const host = await mount(browser, views, { html, csp: { resourceDomains: [media.origin] }, callTool: () => answered });
      await host.bridge.sendToolInput({ arguments: { job_id } });
      await host.bridge.sendToolResult(first);
      if (label === 'Ready') await hasPicture(host);
      await until('a look', () => looks(host) > 0);
      answer(refusal('unauthenticated', 'get_video_status failed and nothing was spent: the key was refused.'));
      await says(host, label);
      await until('an end', async () => (await host.view.locator('video').isVisible()) === (label === 'Ready'));
      assert.deepEqual(await offers(host), label === 'Ready' ? ['Download', 'Open', 'Revise'] : []);
      await host.close();
    }
  });

  test('whose new link is being asked for says so, and asks once', async () => {
    let answer;
    const answered = new Promise((resolve) => { answer = resolve; });
    let count = 0;
    const old = { output: { expires_at: '2026-01-01T00:00:00Z' } };
    const host = await draw(ready(endedLink('0'), old), { serve: () => (++count === 1 ? ready(endedLink('1'), old) : answered) });
    await says(host, 'The link to the video has ended.');
    assert.equal(await host.view.locator('#card').getAttribute('data-tone'), 'wait');
    assert.deepEqual(await accessibilityFaults(host.view), []);
    await host.view.getByRole('link', { name: 'Get a new link' }).click();
    await says(host, 'Getting a new link…');
    assert.deepEqual(await offers(host), ['Revise']);
    assert.equal(await host.view.locator('#poster').isVisible(), false);
    assert.equal(looks(host), 2);
    answer(ready(clip('16x9')));
    await hasPicture(host);
    await host.view.getByText('Getting a new link…').waitFor({ state: 'hidden' });
    assert.equal(await host.view.locator('#card').getAttribute('data-tone'), 'good');
    assert.deepEqual(await offers(host), ['Download', 'Open', 'Revise']);
    assert.deepEqual(host.links, []);
    await host.close();
  });

  test('whose link is asked for again as soon as the card is drawn says so meanwhile', async () => {
    const host = await draw(ready(endedLink('0'), { output: { expires_at: '2026-01-01T00:00:00Z' } }), { serve: () => new Promise(() => {}) });
    await says(host, 'Getting a new link…');
    assert.deepEqual(await offers(host), ['Revise']);
    await host.close();
  });

  test('whose new link turns out to be of no video any more says that alone', async () => {
    const host = await draw(ready(endedLink('0')), { serve: () => ended({ status: 'failed' }) });
    await says(host, 'The video could not be made');
    assert.equal(await host.view.locator('#notice').isVisible(), false);
    await host.close();
  });

  test('that is slow can be opened meanwhile, and plays when it comes', async () => {
    const slow = await startMedia();
    const url = `${slow.origin}/slow/16x9.mp4`;
    const host = await draw(ready(url), { csp: { resourceDomains: [slow.origin] } });
    await says(host, 'The video cannot be played here. Open or download it instead.');
    await host.view.getByRole('link', { name: 'Open the video' }).click();
    await until('the link', () => host.links.length === 1);
    assert.deepEqual(host.links, [{ url }]);
    slow.release();
    await hasPicture(host);
    assert.equal(await host.view.locator('#poster').isVisible(), false);
    assert.equal(await host.view.locator('#notice').isVisible(), false);
    await Promise.all([host.close(), slow.close()]);
  });

  test('moves nothing for who waited for it, whatever its shape', async () => {
    const place = (host) => host.view.locator('#screen').boundingBox();
    const before = atWork('completed', { output: { status: 'completed', download_url: clip('9x16') } });
    // A followup's shape is that of the video before it; where there was none it is 16:9.
    for (const [first, isTall] of [[before, true], [atWork('running'), false]]) {
      let answer = first;
      const host = await mount(browser, views, { html, csp: { resourceDomains: [media.origin] }, callTool: () => answer });
      await host.bridge.sendToolInput({ arguments: { job_id, prompt } });
      await host.bridge.sendToolResult(first);
      if (isTall) await host.view.locator('.tall').waitFor();
      await until('a look', () => looks(host) > 0);
      const planned = await place(host);
      assert.equal(planned.width < planned.height, isTall);
      answer = ready(clip('9x16-followup'));
      await hasPicture(host);
      assert.deepEqual(await place(host), planned);
      await host.close();
    }
  });

  test('goes on where it was when the link ends in the middle', async () => {
    const host = await draw(ready(clip('16x9')), { serve: () => ready(`${clip('16x9')}?fresh`) });
    await hasPicture(host);
    await host.view.evaluate(() => new Promise((resolve) => {
      const video = document.querySelector('video');
      video.addEventListener('seeked', resolve, { once: true });
      video.currentTime = 2;
    }));
    await host.view.evaluate(() => document.querySelector('video').dispatchEvent(new Event('error')));
    await host.view.waitForFunction(() => document.querySelector('video').src.endsWith('?fresh'));
    await host.view.waitForFunction(() => document.querySelector('video').currentTime >= 2);
    await host.close();
  });

  test('is left alone by the look that brings the words to it', async () => {
    const host = await mount(browser, views, { html, csp: { resourceDomains: [media.origin] }, callTool: () => ({ ...ready(`${clip('16x9')}?another`), _meta: { 'motion-mcp/card': { prompt: 'A calm ocean.' } } }) });
    await host.bridge.sendToolInput({ arguments: { job_id } });
    await host.bridge.sendToolResult(ready(clip('16x9')));
    await says(host, 'A calm ocean.');
    await hasPicture(host);
    assert.equal(await host.view.evaluate(() => document.querySelector('video').src), clip('16x9'));
    await act(host, 'Open');
    await until('the link', () => host.links.length === 1);
    assert.deepEqual(host.links, [{ url: `${clip('16x9')}?another` }]);
    await host.close();
  });
});

describe('what went wrong', { timeout: 300_000, concurrency: 2 }, () => {
  // The sentences of the tools, as tests/unit/tools/error_result_test.cpp and tests/golden hold them.
  const rest = (job) => `${job ? ` Job: ${job_id}.` : ''} Call create_video again, with allow_duplicate=true.`;
  const reasons = [
    ['no-head.', 'no-head.', ''],
    ['create_video failed and nothing was spent: the prompt is blank.', 'the prompt is blank.', ''],
    ['create_video failed and nothing was spent: the Motion API refused the key (401: "Bad key. Get \'another\'").', 'the Motion API refused the key (401: "Bad key. Get \'another\'").', rest(false)],
    ['followup_video failed and nothing was spent: no such job for this key: it is unknown (404, no JSON).', 'no such job for this key: it is unknown (404, no JSON).', rest(true)],
    ['followup_video failed and credits may have been spent: the connection to https://motion.so: 443 was cut.', 'the connection to https://motion.so: 443 was cut.', rest(true)],
  ];

  test('is told to people without what agents are to do', async () => {
    for (const [said, shown, more] of reasons) {
      const host = await draw(refusal('bad_response', said + more));
      await says(host, 'That did not work');
      assert.equal(await host.view.locator('#reason').textContent(), shown);
      await host.close();
    }
    const host = await draw(refusal('outcome_unknown', `create_video failed and credits may have been spent: it is lost.${rest(false)}`, 'unknown'));
    await says(host, 'The video may have been started and paid for. Look in Motion before asking again.');
    assert.equal(await host.view.locator('#reason').isHidden(), true);
    await host.close();
  });

  test('is not said to have cost nothing where nobody knows', async () => {
    const timedOut = { isError: true, content: [{ type: 'text', text: 'Request timed out' }] };
    const cases = [[timedOut, 'The answer was lost'], [{ content: [] }, 'The answer was lost'], [refusal('interrupted', 'It was cut.', 'unknown'), 'The answer was lost'], [refusal('rate_limited', 'Too often.'), 'That did not work']];
    for (const [result, label] of cases) {
      const host = await draw(result);
      await says(host, label);
      assert.equal(await host.view.getByText('Nothing was spent.').count(), label === 'That did not work' ? 1 : 0);
      await host.close();
    }
  });

  test('with a look has to do with no money', async () => {
    for (const result of [refusal('not_found', 'No such job.'), { isError: true, content: [{ type: 'text', text: 'Request timed out' }] }]) {
      const host = await mount(browser, views, { html });
      await host.bridge.sendToolInput({ arguments: { job_id } });
      await says(host, 'Looking up the video');
      await host.bridge.sendToolResult(result);
      await says(host, 'This video cannot be read');
      assert.doesNotMatch(await host.view.locator('.body').textContent(), /spent|paid|started/);
      await host.close();
    }
  });
});

describe('hosts that do less', { timeout: 300_000, concurrency: 2 }, () => {
  test('one that calls no tools gets a card that stands still and says where to ask', async () => {
    const host = await draw(atWork('queued'), { capabilities: without('serverTools'), page: { reducedMotion: 'no-preference' } });
    await says(host, 'This card cannot refresh itself here. Ask in the conversation how the video is doing.');
    assert.equal(await host.view.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length), 0);
    await act(host, 'Ask how it is doing');
    await says(host, 'Asked in the conversation.');
    assert.deepEqual(host.messages, [{ role: 'user', content: [{ type: 'text', text: `How is the video job ${job_id} doing?` }] }]);
    assert.equal(looks(host), 0);
    await host.close();
  });

  test('one that calls no tools plays what is ready, and says that a link has ended', async () => {
    const plays = await draw(ready(clip('16x9')), { capabilities: without('serverTools') });
    await hasPicture(plays);
    const over = await draw(ready(endedLink('x'), { output: { expires_at: '2026-01-01T00:00:00Z' } }), { capabilities: without('serverTools') });
    await says(over, 'The link to the video has ended.');
    assert.deepEqual(await offers(over), ['Ask for a new link', 'Revise']);
    await Promise.all([plays.close(), over.close()]);
  });

  test('a download is the host’s, and else a link to open', async () => {
    const can = await draw(ready(clip('16x9')));
    await hasPicture(can);
    await act(can, 'Download');
    await until('the file', () => can.files.length === 1);
    assert.deepEqual(can.files[0].contents, [{ type: 'resource_link', uri: clip('16x9'), name: 'video-405d47cf.mp4', mimeType: 'video/mp4' }]);
    assert.deepEqual(can.links, []);
    const cannot = await draw(ready(clip('16x9')), { capabilities: without('downloadFile') });
    await hasPicture(cannot);
    await act(cannot, 'Download');
    await until('the link', () => cannot.links.length === 1);
    const nothing = await draw(ready(clip('16x9')), { capabilities: without('downloadFile', 'openLinks') });
    await hasPicture(nothing);
    await act(nothing, 'Download');
    await says(nothing, 'Downloads do not work here. Copy the link of Open instead.');
    assert.equal(await nothing.view.getByText('Open', { exact: true }).getAttribute('href'), clip('16x9'));
    await Promise.all([can.close(), cannot.close(), nothing.close()]);
  });

  test('one that takes no messages is not offered a revision', async () => {
    const host = await draw(ready(clip('16x9')), { capabilities: without('message') });
    await hasPicture(host);
    assert.deepEqual(await offers(host), ['Download', 'Open']);
    await host.close();
  });

  test('one that hands on the text alone is enough to find the job', async () => {
    const host = await draw({ content: [{ type: 'text', text: `The video is ordered.\nJob ${job_id}: status queued, not ready.` }] }, { serve: () => atWork('running') });
    await says(host, 'Making the video');
    assert.deepEqual(host.calls[0].arguments, { job_id });
    await host.close();
  });

  test('a call that was stopped says what that means', async () => {
    const host = await mount(browser, views, { html });
    await host.bridge.sendToolInput({ arguments: { prompt } });
    await host.bridge.sendToolCancelled({ reason: 'user action' });
    await says(host, 'Stopped');
    assert.deepEqual(await accessibilityFaults(host.view), []);
    await host.close();
  });

  test('a change whose call was stopped may have been taken', async () => {
    const host = await mount(browser, views, { html });
    await host.bridge.sendToolInput({ arguments: { job_id, prompt } });
    await says(host, 'Sending the change');
    await host.bridge.sendToolCancelled({ reason: 'user action' });
    await says(host, 'Stopped');
    assert.equal(looks(host), 0);
    await host.close();
  });

  test('a look that was stopped, or failed for now, is looked at by the card', async () => {
    const ends = [
      (host) => host.bridge.sendToolCancelled({ reason: 'user action' }),
      (host) => host.bridge.sendToolResult(refusal('rate_limited', 'Too often.')),
    ];
    for (const end of ends) {
      const host = await mount(browser, views, { html, callTool: () => atWork('running') });
      await host.bridge.sendToolInput({ arguments: { job_id } });
      await says(host, 'Looking up the video');
      await end(host);
      await says(host, 'Making the video');
      await host.close();
    }
  });

  test('what was said before the host introduced itself is gone on with', async () => {
    const host = await mount(browser, views, { html, callTool: () => atWork('running'), early: [
      ['tool-input', { arguments: { prompt } }], ['tool-result', atWork('queued')],
    ] });
    await says(host, 'Making the video');
    await host.close();
  });

  test('requests of the host are answered, known or not', async () => {
    const host = await draw(atWork('running'));
    await assert.rejects(host.bridge.request({ method: 'tools/list', params: {} }), /Method not found/);
    await host.close();
  });
});

describe('people', { timeout: 300_000, concurrency: 2 }, () => {
  test('hear of a stage once, however often it is looked at', async () => {
    let answer = atWork('running');
    const host = await draw(answer, { serve: () => answer });
    await host.view.evaluate(() => {
      window.said = [];
      new MutationObserver(() => window.said.push(document.getElementById('status').textContent))
        .observe(document.getElementById('status'), { childList: true, characterData: true, subtree: true });
    });
    for (let i = 0; i < 3; ++i) await host.bridge.sendToolResult(answer);
    answer = atWork('completed', { output: { status: 'processing' } });
    await host.bridge.sendToolResult(answer);
    await says(host, 'Finishing the file');
    await until('another look', async () => looks(host) > 2);
    assert.deepEqual(await host.view.evaluate(() => window.said), ['Finishing the file']);
    await host.close();
  });

  test('who asked for it see nothing move', async () => {
    const moving = (host) => host.view.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
    const still = await draw(atWork('running'), { page: { reducedMotion: 'reduce' } });
    const usual = await draw(atWork('running'), { page: { reducedMotion: 'no-preference' } });
    await Promise.all([says(still, 'Making the video'), says(usual, 'Making the video')]);
    assert.equal(await moving(still), 0);
    assert.ok(await moving(usual) > 0);
    await Promise.all([still.close(), usual.close()]);
  });

  test('reach everything by keyboard, and a revision is a message that spends nothing', async () => {
    const host = await draw(ready(clip('16x9')));
    await hasPicture(host);
    const press = (key) => host.page.keyboard.press(key);
    const focused = () => host.view.evaluate(() => document.activeElement.textContent);
    await host.view.getByRole('button', { name: 'Download' }).focus();
    await press('Tab');
    assert.equal(await focused(), 'Open');
    await press('Tab');
    await press('Enter');
    await host.page.keyboard.type('A larger title.');
    await press('Escape');
    assert.equal(await focused(), 'Revise');
    const expanded = () => host.view.getByRole('button', { name: 'Revise' }).getAttribute('aria-expanded');
    assert.equal(await expanded(), 'false');
    await press('Enter');
    assert.equal(await expanded(), 'true');
    await host.view.getByRole('button', { name: 'Revise' }).click();
    assert.equal(await focused(), 'Revise');
    assert.equal(await host.view.locator('#revise').isVisible(), false);
    await press('Enter');
    await press('Tab');
    assert.equal(await focused(), 'Send');
    await press('Enter');
    await says(host, 'Sent to the conversation.');
    assert.equal(await focused(), 'Revise');
    assert.deepEqual(host.messages, [{ role: 'user', content: [{ type: 'text', text: `Revise the video (job_id ${job_id}): A larger title.` }] }]);
    assert.deepEqual(host.calls.filter(({ name }) => name !== 'refresh_video_card'), []);
    await host.close();
  });

  test('who press twice, or are asked first for a minute, say it once and are heard', async () => {
    const host = await mount(browser, views, { html, csp: { resourceDomains: [media.origin] }, callTool: () => ready(clip('16x9')), clock: true });
    const answers = [];
    const slowly = (list) => (params) => new Promise((resolve) => { list.push(params); answers.push(resolve); });
    host.bridge.onmessage = slowly(host.messages);
    host.bridge.onopenlink = slowly(host.links);
    host.bridge.ondownloadfile = slowly(host.files);
    await host.bridge.sendToolInput({ arguments: { prompt } });
    await host.bridge.sendToolResult(ready(clip('16x9')));
    await act(host, 'Revise');
    await host.view.locator('#change').fill('A larger title.');
    await host.view.locator('#send').dblclick();
    await host.view.getByRole('button', { name: 'Download' }).dblclick();
    await until('both', () => host.messages.length === 1 && host.files.length === 1);
    await withClock(host, 90_000);
    assert.equal(await host.view.locator('#notice').isVisible(), false);
    assert.deepEqual([host.messages.length, host.files.length, host.links.length], [1, 1, 0]);
    for (const answer of answers) answer({});
    await says(host, 'Sent to the conversation.');
    await withClock(host, 11_000);
    await host.view.getByText('Sent to the conversation.').waitFor({ state: 'hidden' });
    assert.equal(await host.view.locator('#revise').isVisible(), false);
    await host.close();
  });

  test('who write on while they are being asked lose nothing', async () => {
    const host = await draw(ready(clip('16x9')));
    let answer;
    host.bridge.onmessage = (params) => new Promise((resolve) => { host.messages.push(params); answer = resolve; });
    await act(host, 'Revise');
    await host.view.locator('#change').fill('A larger title.');
    await host.view.locator('#send').click();
    await until('the message', () => host.messages.length === 1);
    await host.view.locator('#cancel').click();
    await act(host, 'Revise');
    await host.view.locator('#change').fill('A smaller title.');
    answer({});
    await says(host, 'Sent to the conversation.');
    assert.equal(await host.view.locator('#change').inputValue(), 'A smaller title.');
    assert.ok(await host.view.locator('#revise').isVisible());
    await host.close();
  });

  test('whose host refuses are told what they can do instead', async () => {
    const host = await draw(ready(clip('16x9')));
    await hasPicture(host);
    const refuse = async () => ({ isError: true });
    Object.assign(host.bridge, { onmessage: refuse, onopenlink: refuse, ondownloadfile: refuse });
    await act(host, 'Open');
    await says(host, 'The host did not open the link. Copy it from its menu.');
    await act(host, 'Revise');
    await host.view.locator('#change').fill('A larger title.');
    await host.view.locator('#send').click();
    await says(host, 'The host did not take the message. Write it in the conversation.');
    assert.equal(await host.view.locator('#change').inputValue(), 'A larger title.');
    await act(host, 'Download');
    await says(host, 'The host did not open the link. Copy it from its menu.');
    await host.close();
  });

  test('keep their place when what they pressed is done and gone', async () => {
    let isAway = true;
    const serve = () => {
      if (isAway) throw new Error('away');
      return atWork('running');
    };
    const host = await draw(atWork('queued'), { serve });
    await host.view.getByRole('button', { name: 'Try now' }).focus();
    isAway = false;
    await host.page.keyboard.press('Enter');
    await host.view.getByText('Try now').waitFor({ state: 'detached' });
    assert.equal(await host.view.evaluate(() => document.activeElement.id), 'status');
    await host.close();
  });

  test('open the sources, those to review first, and the form, without a fault', async () => {
    const host = await draw(ready(clip('16x9'), { structured: sources(500) }));
    await host.view.getByText('500 sources').click();
    await act(host, 'Revise');
    for (const theme of ['dark', 'light']) {
      host.bridge.setHostContext({ theme });
      await host.view.locator(`[data-theme=${theme}]`).waitFor();
      assert.deepEqual(await accessibilityFaults(host.view), [], theme);
    }
    const rows = await host.view.locator('#list > li').allTextContents();
    assert.equal(rows.length, 51);
    assert.equal(rows.at(-1), 'and 450 more, 117 of them to review');
    assert.match(rows[0], /^Calendar on a desk.*Review before publishing: found by web or image search/);
    await host.view.getByRole('link', { name: 'Calendar on a desk' }).first().click();
    await until('the link', () => host.links.length === 1);
    assert.deepEqual(host.links, [{ url: 'https://news.example.com/2' }]);
    await host.close();
  });

  test('find a source to review by the name that the server writes', async () => {
    const title = `${'"Calendar"\n on\u200e a desk, '.repeat(4)}seen from above and from behind`;
    // As tools/rights.cpp has it: one line, single quotes, 60 characters.
    const name = `${Array.from(title.replaceAll('\n ', ' ').replaceAll('\u200e', '').replaceAll('"', "'")).slice(0, 60).join('')}…`;
    const host = await draw(ready(clip('16x9'), { structured: {
      sources: [{ title: 'Voiceover', source_kind: 'generated', rights_status: 'generated' }, { title, source_kind: 'image_search', rights_status: 'unknown' }, { source_kind: 'image_search' }],
      rights: { review: [{ reason: 'found by search', sources: [name, '#3'] }] },
    } }));
    await says(host, '2 to review');
    await host.view.getByText('3 sources').click();
    const rows = await host.view.locator('#list > li').allTextContents();
    assert.match(rows[0], /Calendar.*image search · rights: unknownReview before publishing: found by search$/s);
    assert.match(rows[1], /^Untitled.*Review before publishing: found by search$/);
    assert.match(rows[2], /^Voiceovergenerated · rights: generated$/);
    await host.close();
  });

  test('see no sources of the video before while the next is made', async () => {
    const host = await draw(atWork('completed', { output: { status: 'completed', download_url: clip('16x9') }, ...sources(3) }));
    await says(host, 'Queued');
    await until('a look', () => looks(host) === 1);
    assert.equal(await host.view.locator('#sources').isVisible(), false);
    await host.close();
  });

  test('are told when the video is the one from before a change that was not taken', async () => {
    const serve = () => ({ ...ready(clip('16x9')), _meta: { 'motion-mcp/card': { followup_not_taken: true } } });
    const host = await draw(atWork('queued'), { serve });
    await says(host, 'This is the version from before the last change, which does not seem to have been taken.');
    assert.deepEqual(await accessibilityFaults(host.view), []);
    await host.close();
  });

  test('read a long prompt whole when they want to', async () => {
    const host = await mount(browser, views, { html });
    await host.bridge.sendToolInput({ arguments: { prompt: `${prompt}\n`.repeat(40) } });
    const height = () => host.view.locator('#prompt').evaluate((node) => node.clientHeight);
    await host.view.getByRole('button', { name: 'Show all' }).click();
    const whole = await height();
    await host.view.getByRole('button', { name: 'Show less' }).click();
    assert.ok(whole > await height());
    await host.close();
  });

  test('see it in their host’s clothes, which may change', async () => {
    const host = await draw(atWork('running'), { context: { styles: { variables: { '--color-background-primary': 'rgb(1, 2, 3)' } } } });
    const look = () => host.view.evaluate(() => [document.documentElement.dataset.theme, getComputedStyle(document.getElementById('card')).backgroundColor]);
    assert.deepEqual(await look(), ['light', 'rgb(1, 2, 3)']);
    host.bridge.setHostContext({ theme: 'dark', locale: 'no such locale', styles: { variables: { '--color-background-primary': 'rgb(4, 5, 6)' } } });
    await host.view.locator('[data-theme=dark]').waitFor();
    assert.deepEqual(await look(), ['dark', 'rgb(4, 5, 6)']);
    host.bridge.setHostContext({ theme: 'dark', containerDimensions: { maxHeight: 400 } });
    await host.view.waitForFunction(() => Math.round(document.getElementById('screen').getBoundingClientRect().height) === 200);
    await host.close();
    const tall = await mount(browser, views, { html, context: { containerDimensions: { maxHeight: 400 } } });
    await tall.bridge.sendToolInput({ arguments: { prompt, aspect_ratio: '9:16' } });
    await tall.view.locator('.tall').waitFor();
    assert.equal(Math.round((await tall.view.locator('#screen').boundingBox()).height), 300);
    await tall.close();
  });

  test('get a frame as high as the card, which tells the host when that changes and not otherwise', async () => {
    const host = await draw(ready(clip('16x9'), { structured: sources(3) }));
    await hasPicture(host);
    await host.view.getByText('3 sources').click();
    await until('the height', async () => {
      const [card, frame] = [await host.view.locator('#card').boundingBox(), await host.page.locator('iframe').boundingBox()];
      return Math.ceil(card.height) + 2 === frame.height;
    });
    assert.ok(host.heights.every((height, i) => height !== host.heights[i - 1]), String(host.heights));
    await host.close();
  });
});
