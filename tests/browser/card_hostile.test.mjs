// Tries to get out of the card: by what a job may hold, by what a message may be, and by who sends it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessibilityFaults, launch } from './lib/browser.mjs';
import { mount } from './lib/host.mjs';
import { startMedia } from './lib/media.mjs';
import { atWork, ended, html, job_id, prompt, ready, refusal } from './lib/results.mjs';
import { startViewServer } from './lib/view_server.mjs';

let browser;
let views;
let media;
before(async () => {
  [browser, views, media] = await Promise.all([launch(), startViewServer(), startMedia()]);
});
after(() => Promise.all([browser.close(), views.close(), media.close()]));

const markup = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><style>*{display:none}</style>';
const giant = 'W'.repeat(3_000_000);
const addresses = ['javascript:window.pwned=1', ' javascript:window.pwned=1', 'JaVaScRiPt:alert(1)', 'data:text/html,<script>window.pwned=1</script>',
  'blob:https://a.example/1', 'file:///etc/passwd', 'vbscript:x', '//a.example/x', 'https:', '', 7, null, {}, ['https://a.example'], `https://a.example/${'x'.repeat(9000)}`];

async function draw(result, args = { prompt, aspect_ratio: '16:9' }) {
  const host = await mount(browser, views, { html, csp: { resourceDomains: [media.origin] }, callTool: () => result });
  await host.bridge.sendToolInput({ arguments: args });
  await host.bridge.sendToolResult(result);
  return host;
}

// What must hold of every card, whatever it was fed with.
async function isWhole(host) {
  const seen = await host.view.evaluate(() => ({
    pwned: window.pwned, elements: document.querySelectorAll('#card script, #card img, #card style, #card iframe').length,
    links: Array.from(document.querySelectorAll('[href], [src]'), (node) => node.getAttribute('href') ?? node.getAttribute('src')),
    tooWide: document.documentElement.scrollWidth - innerWidth, height: document.getElementById('card').offsetHeight,
    length: document.getElementById('card').textContent.length,
  }));
  assert.equal(seen.pwned, undefined);
  assert.equal(seen.elements, 0);
  for (const link of seen.links) assert.match(link, /^https?:\/\//);
  assert.ok(seen.tooWide <= 0, `${seen.tooWide} px too wide`);
  assert.ok(seen.height < 2_000, `${seen.height} px high`);
  assert.ok(seen.length < 60_000, `${seen.length} characters`);
  assert.deepEqual(await accessibilityFaults(host.view), []);
  assert.deepEqual(host.complaints, []);
}

describe('a hostile job', { timeout: 580_000, concurrency: 2 }, () => {
  const source = (more) => ({ id: markup, title: markup, source_kind: markup, source_domain: markup, credit: markup, rights_status: markup, ...more });

  test('with markup wherever there is text shows it as text', async () => {
    const sources = [source({ source_url: 'https://a.example/"onclick="window.pwned=1' })];
    const host = await draw(ready(`${media.origin}/16x9.mp4?"onerror="window.pwned=1`, {
      structured: { sources, rights: { review: [{ reason: markup, sources: [markup] }] }, message: markup, next_step: markup },
      output: { expires_at: markup, completed_at: markup },
    }), { prompt: markup });
    await host.view.locator('.has-picture').waitFor();
    await host.view.getByText('1 source', { exact: true }).click();
    assert.equal(await host.view.locator('#prompt').textContent(), markup);
    await isWhole(host);
    await host.close();
  });

  test('with markup for an error shows it as text', async () => {
    const failed = await draw(ended({ status: 'failed', error: markup }));
    assert.equal(await failed.view.locator('#reason').textContent(), markup);
    const refused = await draw(refusal(markup, markup));
    assert.equal(await refused.view.locator('#reason').textContent(), markup);
    await Promise.all([isWhole(failed), isWhole(refused)]);
    await Promise.all([failed.close(), refused.close()]);
  });

  test('with addresses that are no web pages links to none of them', async () => {
    const sources = addresses.map((source_url, i) => source({ id: `s${i}`, title: `t${i}`, source_url }));
    const host = await draw(ready(`${media.origin}/16x9.mp4`, { structured: { sources } }));
    await host.view.getByText(`${sources.length} sources`).click();
    assert.equal(await host.view.locator('#list a').count(), 0);
    await isWhole(host);
    await host.close();
  });

  test('with such an address for its video is not ready', async () => {
    for (const address of addresses) {
      const host = await draw(ready(address));
      await host.view.waitForFunction(() => !/^(Starting|Sending|Looking)/.test(document.getElementById('status').textContent));
      assert.notEqual(await host.view.locator('#status').textContent(), 'Ready', String(address));
      assert.equal(await host.view.evaluate(() => document.querySelector('video').getAttribute('src')), null);
      await host.close();
    }
  });

  test('with giant texts and 500 sources stays small', async () => {
    const sources = Array.from({ length: 500 }, (_, i) => source({ id: i, title: giant.slice(0, 50_000), source_domain: giant.slice(0, 50_000) }));
    const host = await draw(ready(`${media.origin}/16x9.mp4`, {
      structured: { sources, error: giant, rights: { review: [{ reason: giant, sources: sources.map(({ id }) => id) }] } }, output: { completed_at: giant, expires_at: giant },
    }), { prompt: giant, aspect_ratio: giant });
    await host.view.getByText('500 sources', { exact: true }).click();
    await host.view.getByRole('button', { name: 'Show all' }).click();
    await isWhole(host);
    await host.close();
    const failed = await draw(ended({ status: 'failed', error: giant }), { prompt: '\u202e\u0000\ud800 \ufeff' });
    await failed.view.getByText('The video could not be made').waitFor();
    await isWhole(failed);
    await failed.close();
  });

  test('of another form than the tools promise is shown as far as it goes', async () => {
    const odd = [null, 7, 'x', [], {}, [null], { status: {} }];
    for (const value of odd) {
      const host = await draw({ content: [], structuredContent: { job_id, status: value, ready: value, output: value, sources: value, rights: value, error: value, poll_after_seconds: value } },
        { prompt: value, aspect_ratio: value, job_id: value });
      await host.view.waitForFunction(() => !/^(Starting|Sending|Looking)/.test(document.getElementById('status').textContent));
      await isWhole(host);
      await host.close();
    }
  });

  test('with a shape that no screen has keeps to one', async () => {
    for (const aspect_ratio of ['0:0', '1:0', '999999:1', '1:999999', '-1:2', '1e9:1']) {
      const host = await draw(atWork('running'), { prompt, aspect_ratio });
      const { width, height } = await host.view.locator('#screen').boundingBox();
      assert.ok(width / height > 0.35 && width / height < 3.1, `${aspect_ratio}: ${width} x ${height}`);
      await isWhole(host);
      await host.close();
    }
  });
});

describe('hostile messages', { timeout: 150_000 }, () => {
  test('that are none, or for nobody, change nothing', async () => {
    const host = await draw(atWork('running'));
    await host.view.getByText('Making the video').waitFor();
    const messages = [null, 7, 'x', [], {}, { jsonrpc: '1.0', method: 'ping', id: 1 }, { jsonrpc: '2.0' }, { jsonrpc: '2.0', id: 1 }, { jsonrpc: '2.0', id: {}, result: {} },
      { jsonrpc: '2.0', method: '__proto__' }, { jsonrpc: '2.0', method: 'constructor', id: 'a' }, { jsonrpc: '2.0', method: 'toString', params: 7 },
      { jsonrpc: '2.0', method: 'ui/notifications/tool-result', params: null }, { jsonrpc: '2.0', method: 'ui/notifications/host-context-changed', params: { styles: 7, theme: {}, containerDimensions: 'x' } }];
    await host.page.evaluate((sent) => sent.forEach((message) => window.toView(message)), messages.slice(0, 12));
    await host.view.getByText('Making the video').waitFor();
    await host.page.evaluate((sent) => sent.forEach((message) => window.toView(message)), messages.slice(12));
    await isWhole(host);
    await host.close();
  });

  test('from another window than the host are not heard', async () => {
    const host = await draw(atWork('running'));
    await host.view.getByText('Making the video').waitFor();
    const result = { jsonrpc: '2.0', method: 'ui/notifications/tool-result', params: ended({ status: 'failed', error: 'forged' }) };
    await host.view.evaluate((message) => new Promise((resolve) => {
      addEventListener('message', (event) => event.source === window && resolve());
      postMessage(message, '*');
    }), result);
    assert.equal(await host.view.locator('#status').textContent(), 'Making the video');
    await host.close();
  });
});
