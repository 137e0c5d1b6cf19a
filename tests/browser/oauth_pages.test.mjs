// The pages that a person sees while a connector is authorized: what they say, in which they can be used and by whom.
// MOTION_MCP_SCREENSHOTS=DIR keeps a picture of each.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { environment, startConnector, within } from '../interop/lib/server.mjs';
import { accessibilityFaults, launch, openPage } from './lib/browser.mjs';
import { startCallback, startRelay } from './lib/oauth.mjs';

const key = 'motion_browser_0123456789abcdef0123456789abcdef';
const pictures = process.env.MOTION_MCP_SCREENSHOTS;

// Stands where the Motion API is: what it answers to a key, by the key's last word.
const answers = { good: [404, '{"error":"Job not found"}'], bad: [401, '{"error":"Mosaic Motion API key authentication required"}'], broken: [500, '{}'] };
const asked = [];

let api;
let browser;
let callback;
let server;
let client;
before(async () => {
  api = createServer((request, response) => {
    asked.push(request.url);
    const [status, body] = answers[/_(\w+)$/.exec(request.headers.authorization ?? '')?.[1].split('_').at(-1)] ?? [404, '{}'];
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
  });
  await new Promise((resolve) => api.listen(0, '127.0.0.1', resolve));
  callback = await startCallback();
  server = await startConnector({
    args: ['--oauth', '--api-base-url', `http://127.0.0.1:${api.address().port}/api/motion`], env: environment(),
  });
  browser = await launch();
  client = await register({ client_name: 'Example Host', redirect_uris: [callback.url, 'https://host.example/callback'] });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await callback?.stop();
  api?.close();
});

const origin = () => new URL(server.url).origin;

async function register(metadata, site = origin()) {
  const answer = await fetch(`${site}/oauth/register`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(metadata),
  });
  assert.equal(answer.status, 201);
  return (await answer.json()).client_id;
}

function authorizeUrl(changes = {}, site = origin()) {
  const url = new URL('/oauth/authorize', site);
  url.search = new URLSearchParams({
    response_type: 'code', client_id: client, redirect_uri: callback.url, state: 'a state', scope: 'videos:read videos:create',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256', ...changes,
  });
  return url.href;
}

// Nothing wider than the window, nothing that axe-core minds, nothing that the browser complained of.
async function assertWellMade({ page, complaints }, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  assert.deepEqual(await accessibilityFaults(page), []);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= window, `${content} px of content in ${window} px`);
  assert.deepEqual(complaints.filter((line) => !/favicon|status of 4\d\d|status of 503/.test(line)), []);
}

const views = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  'narrow-dark': { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
};

const keyField = (page) => page.getByLabel('Your Motion API key');
const connectButton = (page) => page.getByRole('button', { name: 'Connect', exact: true });

describe('the pages of the authorization', { timeout: 580_000 }, () => {
  for (const [name, options] of Object.entries(views)) {
    test(`consent, ${name}`, async () => {
      const opened = await openPage(browser, options);
      const { page } = opened;
      await page.goto(authorizeUrl());
      await assertWellMade(opened, `consent-${name}`);
      await page.goto(authorizeUrl({ redirect_uri: 'https://host.example/callback', scope: 'videos:read' }));
      await assertWellMade(opened, `consent-web-${name}`);
      await opened.close();
    });

    // Ten keys a minute may be tried from one address.
    if (name !== 'narrow-dark') test(`a key that cannot be one, one that is refused, and one that nobody could check, ${name}`, async () => {
      const opened = await openPage(browser, options);
      const { page } = opened;
      for (const [typed, says] of [['sk_1234', 'That is not a Motion API key'], [`${key}_bad`, 'Motion refuses this key'],
        [`${key}_broken`, 'Motion could not tell']]) {
        await page.goto(authorizeUrl());
        await keyField(page).fill(typed);
        await connectButton(page).click();
        await page.getByRole('alert').filter({ hasText: says }).waitFor();
        assert.equal(await keyField(page).inputValue(), '', 'the key is not sent back');
        assert.ok(!(await page.content()).includes(typed));
        await assertWellMade(opened, `problem-${typed.split('_').at(-1)}-${name}`);
      }
      await opened.close();
    });

    test(`refusals, ${name}`, async () => {
      const opened = await openPage(browser, options);
      const { page } = opened;
      await page.goto(authorizeUrl({ client_id: 'nobody' }));
      assert.match(page.url(), /\/oauth\/authorize/);
      await assertWellMade(opened, `refusal-client-${name}`);
      await page.goto(authorizeUrl({ code_challenge_method: 'plain' }));
      await page.getByRole('link', { name: 'Go back to 127.0.0.1' }).waitFor();
      await assertWellMade(opened, `refusal-request-${name}`);
      await opened.close();
    });
  }

  test('says who asks, where the answer goes and what it costs', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(authorizeUrl());
    const text = await page.locator('main').innerText();
    for (const part of ['Example Host', new URL(callback.url).host, 'your own computer', 'spends your credits', 'Nobody has checked that']) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    await page.goto(authorizeUrl({ redirect_uri: 'https://host.example/callback', scope: 'videos:read' }));
    const web = await page.locator('main').innerText();
    assert.ok(web.includes('host.example'));
    for (const part of ['your own computer', 'spends your credits']) assert.ok(!web.includes(part), `${part} in ${web}`);
    await close();
  });

  test('a name cannot be more than text', async () => {
    const name = '<img src=x onerror=alert(1)> "quoted" & {{api_key}}';
    const id = await register({ client_name: name, redirect_uris: [callback.url] });
    const { page, close } = await openPage(browser);
    await page.goto(authorizeUrl({ client_id: id }));
    assert.ok((await page.getByRole('heading').innerText()).includes(name));
    assert.equal(await page.locator('img').count(), 0);
    await close();
  });

  test('works from the keyboard alone, with the focus to be seen', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(authorizeUrl());
    const reached = [];
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => {
        const { id, value, textContent } = document.activeElement;
        return [id || value || textContent, getComputedStyle(document.activeElement).outlineStyle !== 'none'];
      }));
    }
    assert.deepEqual(reached, [['create', true], ['api_key', true], ['allow', true], ['deny', true]]);
    await keyField(page).focus();
    await page.keyboard.type(`${key}_good`);
    const visit = callback.next();
    await page.keyboard.press('Enter');
    assert.ok((await visit).searchParams.get('code'));
    await close();
  });

  test('a person who says no is sent back with that', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(authorizeUrl());
    const visit = callback.next();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const { searchParams } = await visit;
    assert.deepEqual([searchParams.get('error'), searchParams.get('state'), searchParams.get('iss'), searchParams.get('code')],
      ['access_denied', 'a state', origin(), null]);
    await close();
  });

  // As the callback of claude.ai leads to claude://: a policy of ours must not hold the client's own way on.
  for (const [button, parameter] of [['Connect', 'code'], ['Cancel', 'error']]) {
    test(`${button} also comes to where the client's callback leads on to, at another origin`, async (t) => {
      const further = await startCallback();
      const relay = await startRelay(further.url);
      // Of its own: ten keys a minute may be tried from one address.
      const another = await startConnector({ args: ['--sandbox', '--oauth'], env: environment() });
      const { page, close } = await openPage(browser);
      t.after(() => Promise.all([close(), further.stop(), relay.stop(), another.stop()]));
      const site = new URL(another.url).origin;
      const client_id = await register({ client_name: 'Example Host', redirect_uris: [relay.url] }, site);
      await page.goto(authorizeUrl({ client_id, redirect_uri: relay.url }, site));
      await keyField(page).fill(`${key}_good`);
      const visit = further.next();
      await page.getByRole('button', { name: button, exact: true }).click();
      assert.ok((await within(20_000, 'the visit', visit)).searchParams.get(parameter));
      await page.getByRole('heading', { name: 'You can close this page.' }).waitFor();
    });
  }

  test('a key that nobody could check may be used all the same', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(authorizeUrl());
    await keyField(page).fill(`${key}_broken`);
    await connectButton(page).click();
    const visit = callback.next();
    await page.getByRole('button', { name: 'Connect without the check' }).click();
    assert.ok((await visit).searchParams.get('code'));
    await close();
  });

  test('works without scripts', async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(authorizeUrl());
    await keyField(page).fill(`${key}_good`);
    const visit = callback.next();
    await connectButton(page).click();
    assert.ok((await visit).searchParams.get('code'));
    await close();
  });

  test('a page in a frame is not shown', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(callback.url.replace('/callback', '/other'));
    await page.setContent(`<iframe src="${authorizeUrl().replaceAll('&', '&amp;')}"></iframe>`);
    await page.waitForTimeout(500);
    const frame = page.frames().find((each) => each !== page.mainFrame());
    assert.equal(await frame.locator('form').count(), 0);
    await close();
  });

  test('a form that another site sends is refused', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(authorizeUrl());
    const ticket = await page.locator('input[name=ticket]').inputValue();
    await page.goto(callback.url.replace('/callback', '/other'));
    await page.setContent(`<form method="post" action="${origin()}/oauth/authorize"><input name="ticket" value="${ticket}">
      <input name="api_key" value="${key}_good"><button name="decision" value="allow">Go</button></form>`);
    await page.getByRole('button').click();
    await page.getByRole('alert').waitFor();
    assert.match(page.url(), /\/oauth\/authorize$/);
    await close();
  });

  test('asking about a key costs nothing: only a job that does not exist is asked for', () => {
    assert.ok(asked.length > 0);
    for (const path of asked) assert.match(path, /^\/api\/motion\/sessions\/[0-9a-f-]{36}$/);
  });
});
