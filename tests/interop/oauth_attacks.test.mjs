// What a stranger, a false client or a thief of a token can try against `motion-mcp http --oauth`, each over real HTTP against
// the real binary. (That tokens end at their time needs another clock: tests/unit/auth.)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openConsent, sendConsent } from './lib/consent.mjs';
import { Authorization, callTool, challengeOf, newVerifier, redirect_uri } from './lib/oauth.mjs';
import { binary, environment, within } from './lib/server.mjs';

const key = 'motion_canary_0123456789abcdef0123456789abcdef';

// A server whose every word is kept, so that secrets can be looked for in it.
async function start(args, env) {
  const child = spawn(binary, ['http', '--sandbox', '--oauth', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { said: '' };
  const exited = new Promise((resolve) => child.on('exit', resolve));
  const url = new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => {
      server.said += data;
      const found = /https?:\/\/\S+(?=\n)/.exec(server.said);
      if (found) resolve(found[0]);
    });
    exited.then((code) => reject(new Error(`ended with ${code}: ${server.said}`)));
  });
  child.stderr.on('data', (data) => { server.said += data; });
  server.url = await within(20_000, 'the address', url);
  server.stop = () => { child.kill(); return within(20_000, 'the end', exited); };
  return server;
}

const data = mkdtempSync(join(tmpdir(), 'motion-mcp-oauth-'));
const keyFile = join(data, 'seal.key');
const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const shared = (more = []) => start(['--listen', '127.0.0.1:0', '--seal-key-file', keyFile, ...more], environment());

let server;
before(async () => { server = await shared(); });
after(async () => {
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

async function authorized() {
  const client = new Authorization(server.url, key);
  return { client, tokens: await client.tokens() };
}
const works = async (token, url = server.url) => (await callTool(url, token)).status === 200;

// One address may try ten keys and open sixty pages in a minute: attacks that need many have a server of their own.
describe('attacks on the authorization', { timeout: 150_000 }, () => {
  test('a code that is used again is refused, and what it bought is taken back', async () => {
    const client = new Authorization(server.url, key);
    await client.register();
    const code = await client.code();
    const first = await client.exchange(code);
    assert.ok(await works(first.access_token));
    assert.equal((await client.exchange(code)).error, 'invalid_grant');
    assert.ok(!await works(first.access_token));
    assert.equal((await client.refresh(first.refresh_token)).error, 'invalid_grant');
  });

  test('a code without its verifier, client or redirect URI buys nothing, and is not used up by trying', async () => {
    const client = new Authorization(server.url, key);
    const other = new Authorization(server.url, key);
    await client.register();
    await other.register();
    const code = await client.code();
    for (const changes of [
      { code_verifier: undefined }, { code_verifier: newVerifier() }, { code_verifier: challengeOf(client.verifier) }, { code_verifier: '' },
      { client_id: other.client_id }, { client_id: `${client.client_id}x` },
      { redirect_uri: 'http://127.0.0.1/other' }, { redirect_uri: 'http://localhost/callback' }, { redirect_uri: 'https://evil.example/' },
      { resource: 'https://other.example/mcp' }, { grant_type: 'password' }, { code: `${code}x` }, { code: code.slice(1) },
    ]) {
      const answer = await client.exchange(code, changes);
      assert.ok(answer.status >= 400 && answer.error && !answer.access_token, JSON.stringify([changes, answer]));
    }
    assert.equal((await client.exchange(code)).status, 200);
  });

  test('a client without PKCE, or with plain, gets no page to agree on', async () => {
    const client = new Authorization(server.url, key);
    await client.register();
    for (const changes of [{ code_challenge: undefined }, { code_challenge_method: 'plain' }, { code_challenge_method: undefined }, { code_challenge: 'short' }]) {
      const page = await openConsent(client.pageUrl(changes));
      assert.deepEqual([page.status, page.action, page.headers.get('location')], [400, null, null], JSON.stringify(changes));
    }
  });

  test('nobody is sent to where the client did not say before', async (t) => {
    const crowded = await shared();
    t.after(crowded.stop);
    const client = new Authorization(crowded.url, key);
    await client.register({ redirect_uris: [redirect_uri, 'https://client.example/callback'] });
    for (const uri of ['https://evil.example/', 'https://client.example/callback/', 'https://client.example/callback?x', 'https://client.example/callback#',
      'https://client.example.evil.example/callback', 'https://client.example@evil.example/callback', 'https://client.example/callback/../x',
      'https://CLIENT.example/callback', 'http://client.example/callback', 'https://client.example:8443/callback', 'http://127.0.0.1/callback/x',
      'http://127.0.0.2/callback', 'http://127.0.0.1.evil.example/callback', 'http://127.0.0.1:80@evil.example/callback', '//evil.example',
      'javascript:alert(1)//', 'data:text/html,x', '', undefined]) {
      for (const more of [{}, { response_type: 'nonsense' }]) {
        const page = await openConsent(client.pageUrl({ redirect_uri: uri, ...more }));
        assert.deepEqual([page.status, page.action, page.headers.get('location')], [400, null, null], uri);
        assert.ok(!/href="[^"]*(evil|client)\.example/.test(page.html), page.html);
      }
    }
  });

  test('a request that names something twice is refused', async () => {
    const client = new Authorization(server.url, key);
    await client.register();
    for (const name of ['client_id', 'redirect_uri', 'code_challenge', 'state', 'scope', 'response_type']) {
      const page = await openConsent(`${client.pageUrl()}&${name}=x`);
      assert.deepEqual([page.status, page.action], [400, null], name);
    }
  });

  test('a registration cannot name a redirect URI that runs, reads or leaves in the clear', async () => {
    const client = new Authorization(server.url, key);
    for (const uri of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'http://client.example/', 'https://u:p@client.example/',
      'https://client.example/#f', 'https:client.example', 'blob:https://x', 'vbscript:x', 'intent://x', 'https://client.example/\nx']) {
      const answer = await client.register({ redirect_uris: [uri] });
      assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_redirect_uri'], uri);
    }
  });

  test('a registration is small, and so is every other body', async () => {
    const client = new Authorization(server.url, key);
    const sizes = { client_name: 'x'.repeat(17_000), many: Array.from({ length: 17 }, (_, i) => `https://client.example/${i}`) };
    assert.equal((await client.register({ client_name: sizes.client_name })).status, 413);
    assert.equal((await client.register({ redirect_uris: sizes.many })).status, 400);
    assert.equal((await client.register({ redirect_uris: [`https://client.example/${'x'.repeat(2000)}`] })).status, 400);
    for (const path of ['token', 'revoke', 'authorize', 'register']) {
      const answer = await fetch(`${client.issuer}/oauth/${path}`,
        { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: `x=${'y'.repeat(40_000)}` });
      assert.equal(answer.status, 413, path);
    }
  });

  test('the form counts only from our own page in the browser that has its cookie', async () => {
    const client = new Authorization(server.url, key);
    await client.register();
    const page = await openConsent(client.pageUrl());
    const another = await openConsent(client.pageUrl());
    const values = { api_key: key, decision: 'allow' };
    for (const [what, changes, more] of [
      ['no cookie', { Cookie: '' }], ['another browser', { Cookie: another.cookie }], ['another site', { Origin: 'https://evil.example' }],
      ['a sandboxed frame', { Origin: 'null' }], ['another port', { Origin: 'http://127.0.0.1:1' }],
      ['no ticket', {}, { ticket: '' }], ['a changed ticket', {}, { ticket: `${page.fields.ticket.slice(0, -1)}x` }],
      ['a state of ours', {}, { ticket: client.client_id }],
    ]) {
      const answer = await sendConsent(page, { ...values, ...more }, changes);
      assert.deepEqual([answer.status, answer.headers.get('location')], [403, null], what);
    }
  });

  test('a form counts once, and who goes back to it is told to start again', async (t) => {
    const crowded = await shared();
    t.after(crowded.stop);
    const client = new Authorization(crowded.url, key);
    await client.register();
    const page = await openConsent(client.pageUrl());
    const values = { api_key: key, decision: 'allow' };
    assert.equal((await sendConsent(page, values)).status, 303);
    const again = await sendConsent(page, values);
    assert.deepEqual([again.status, again.headers.get('location')], [403, null]);
    assert.match(await again.text(), /start again in the program/);
  });

  test('the page cannot be framed, scripted, cached or told of to others', async () => {
    const client = new Authorization(server.url, key);
    await client.register();
    for (const url of [client.pageUrl(), client.pageUrl({ client_id: 'nobody' }), client.pageUrl({ scope: 'nonsense' })]) {
      const { headers, html, action } = await openConsent(url);
      const policy = headers.get('content-security-policy');
      for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) assert.ok(policy.includes(part), policy);
      // The form's way on is the client's own, and longer than we know; a page without a form sends none.
      assert.equal(policy.includes('form-action'), !action, policy);
      if (!action) assert.ok(policy.includes("form-action 'none'"), policy);
      assert.ok(!/unsafe|script-src|\*/.test(policy), policy);
      assert.equal(headers.get('x-frame-options'), 'DENY');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('cache-control'), /^no-store\b/);
      assert.match(headers.get('referrer-policy'), /^(no-referrer|same-origin)$/);
      assert.ok(!/<script|javascript:| on\w+=/i.test(html), html);
      assert.equal(headers.get('access-control-allow-origin'), null);
    }
  });

  test('a client_id cannot make the server speak to an address inside', async (t) => {
    let visits = 0;
    const inside = createServer((socket) => { visits += 1; socket.destroy(); });
    t.after(() => inside.close());
    await new Promise((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const { port } = inside.address();
    const curious = await shared();
    t.after(curious.stop);
    const client = new Authorization(curious.url, key);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, '127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '0.0.0.0', '0',
      '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '10.0.0.1', '192.168.0.1', '172.16.0.1', '169.254.169.254', '100.64.0.1', '[fd00:ec2::254]',
      '[fe80::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '192.0.2.1', '224.0.0.1', '255.255.255.255', 'user@127.0.0.1']) {
      const page = await openConsent(client.pageUrl({ client_id: `https://${host}/client.json` }));
      assert.deepEqual([page.status, page.action], [400, null], host);
      assert.ok(!/connection refused|timed out|did not answer/i.test(page.html), page.html);
    }
    assert.equal(visits, 0);
  });

  test('a token that was altered, or is of another kind, is none', async () => {
    const { client, tokens } = await authorized();
    const good = tokens.access_token;
    const middle = good.length >> 1;
    for (const token of [good.slice(0, -1), `${good}A`, `${good}=`, good.slice(0, middle) + (good[middle] === 'A' ? 'B' : 'A') + good.slice(middle + 1),
      good.toUpperCase(), tokens.refresh_token, client.client_id, await client.code(), 'A'.repeat(good.length), '']) {
      const answer = await callTool(server.url, token);
      assert.ok(answer.status === 401 || answer.status === 400, `${answer.status} for ${token.slice(0, 20)}`);
      assert.match(answer.challenge, /resource_metadata="http:\/\/127\.0\.0\.1:\d+\/\.well-known\/oauth-protected-resource\/mcp"/);
    }
    assert.ok(await works(good));
  });

  test('a token counts in the Authorization header alone', async () => {
    const { tokens } = await authorized();
    const url = new URL(server.url);
    url.search = new URLSearchParams({ access_token: tokens.access_token });
    assert.equal((await callTool(url, undefined)).status, 401);
    assert.equal((await callTool(server.url, undefined, 'list_videos', {}, { Cookie: `access_token=${tokens.access_token}` })).status, 401);
    assert.ok(!server.said.includes(tokens.access_token));
  });

  test('a token of one server is none at another, though they share the keys', async () => {
    const { tokens } = await authorized();
    const other = await shared();
    try {
      assert.equal((await callTool(other.url, tokens.access_token)).status, 401);
    } finally {
      await other.stop();
    }
  });

  test('a refresh token that is used again later than its successor ends them all', async () => {
    const { client, tokens } = await authorized();
    const second = await client.refresh(tokens.refresh_token);
    const third = await client.refresh(second.refresh_token);
    assert.ok(await works(third.access_token));
    assert.equal((await client.refresh(tokens.refresh_token)).error, 'invalid_grant');
    assert.equal((await client.refresh(third.refresh_token)).error, 'invalid_grant');
    for (const { access_token } of [tokens, second, third]) assert.ok(!await works(access_token));
  });

  test("a refresh token is its client's, and gives no more than was agreed to", async () => {
    const client = new Authorization(server.url, key);
    const tokens = await client.tokens({ scope: 'videos:read' });
    const thief = new Authorization(server.url, key);
    await thief.register();
    assert.equal((await thief.refresh(tokens.refresh_token)).error, 'invalid_grant');
    assert.equal((await client.refresh(tokens.refresh_token, { scope: 'videos:read videos:create' })).error, 'invalid_scope');
    const refused = await callTool(server.url, tokens.access_token, 'create_video', { prompt: 'x' });
    assert.equal(refused.status, 403);
    assert.match(refused.challenge, /error="insufficient_scope".*scope="videos:read videos:create"/);
    assert.ok(await works(tokens.access_token));
  });
});

describe('replicas', { timeout: 60_000 }, () => {
  const public_url = 'https://mcp.example.org';
  const replica = async () => {
    const port = await freePort();
    const started = await start(['--listen', `127.0.0.1:${port}`, '--seal-key-file', keyFile, '--oauth-store', join(data, 'oauth.db'),
      '--public-url', public_url, '--allowed-host', '127.0.0.1'], environment());
    return { site: `http://127.0.0.1:${port}`, stop: started.stop };
  };

  test('a token from one works on the other, and a restart logs nobody out', async () => {
    let [one, two] = await Promise.all([replica(), replica()]);
    try {
      const client = new Authorization(one.site, key, public_url);
      const tokens = await client.tokens();
      for (const { site } of [one, two]) assert.ok(await works(tokens.access_token, `${site}/mcp`));

      client.site = two.site;
      const refreshed = await client.refresh(tokens.refresh_token);
      assert.ok(await works(refreshed.access_token, `${one.site}/mcp`));

      await Promise.all([one.stop(), two.stop()]);
      [one, two] = await Promise.all([replica(), replica()]);
      assert.ok(await works(refreshed.access_token, `${one.site}/mcp`));
      client.site = one.site;
      assert.ok((await client.refresh(refreshed.refresh_token)).access_token);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });
});

describe('secrets', () => {
  test('neither the key nor a token was ever written to a log, wherever it was put', async () => {
    for (const path of [`/mcp/${key}`, `/${key}/mcp`, `/mcp?key=${key}`]) await fetch(new URL(path, server.url));
    assert.ok(server.said.includes('/oauth/token'), 'the access log is on');
    for (const secret of [key, 'motion_canary']) assert.ok(!server.said.includes(secret), server.said);
    assert.ok(!/access_token|refresh_token|code_verifier|ticket=/.test(server.said), server.said);
  });
});

describe('doctor --oauth', { timeout: 60_000 }, () => {
  const walk = async (url) => {
    const child = spawn(binary, ['doctor', '--oauth', url], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
    let report = '';
    child.stdout.on('data', (chunk) => { report += chunk; });
    const code = await within(30_000, 'the report', new Promise((resolve) => child.on('close', resolve)));
    return { code, report };
  };

  test('walks to the token endpoint of a server that is well', async () => {
    const { code, report } = await walk(server.url);
    assert.equal(code, 0, report);
    assert.equal(report.match(/^ok /gm).length, 10, report);
  });

  test('names the first step that fails', async () => {
    const { code, report } = await walk(server.url.replace(/mcp$/, 'other'));
    assert.equal(code, 1, report);
    assert.match(report, /^fail +challenge .*404/m);
    assert.match(report, /ends in \/mcp/);
    assert.ok(!/^ok +token/m.test(report));
  });
});
