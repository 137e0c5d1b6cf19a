// The steps of an authorization over HTTP, each as a client and a person do it, so that a test can do one of them wrong.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { openConsent, sendConsent } from './consent.mjs';

export const redirect_uri = 'http://127.0.0.1/callback';
export const newVerifier = () => randomBytes(32).toString('base64url');
export const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url');

// `url` is the MCP endpoint; `issuer` what the server calls itself, when that is another. A value of undefined in what is given
// leaves that parameter out.
export class Authorization {
  constructor(url, key, issuer = new URL(url).origin) {
    this.site = new URL(url).origin;
    this.issuer = issuer;
    this.resource = `${issuer}/mcp`;
    this.key = key;
    this.verifier = newVerifier();
  }

  async register(metadata = {}) {
    const answer = await fetch(`${this.site}/oauth/register`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ client_name: 'Example', redirect_uris: [redirect_uri], grant_types: ['authorization_code', 'refresh_token'], ...metadata }),
    });
    if (answer.status === 201) this.client_id = (await answer.clone().json()).client_id;
    return answer;
  }

  pageUrl(changes = {}) {
    const parameters = {
      response_type: 'code', client_id: this.client_id, redirect_uri, state: 'the state', scope: 'videos:read videos:create',
      code_challenge: challengeOf(this.verifier), code_challenge_method: 'S256', resource: this.resource, ...changes,
    };
    return `${this.site}/oauth/authorize?${new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined))}`;
  }

  // A code that a person agreed to.
  async code(changes = {}, answers = {}) {
    const page = await openConsent(this.pageUrl(changes));
    const answer = await sendConsent(page, { api_key: this.key, decision: 'allow', ...answers }, { Origin: this.issuer });
    assert.equal(answer.status, 303, page.html);
    const { searchParams } = new URL(answer.headers.get('location'));
    assert.equal(searchParams.get('iss'), this.issuer);
    return searchParams.get('code');
  }

  async token(form) {
    const fields = { client_id: this.client_id, ...form };
    const answer = await fetch(`${this.site}/oauth/token`, {
      method: 'POST', body: new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== undefined)),
    });
    assert.match(answer.headers.get('cache-control'), /^no-store\b/);
    return { status: answer.status, ...await answer.json() };
  }
  exchange(code, changes = {}) {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri, code_verifier: this.verifier, resource: this.resource, ...changes });
  }
  refresh(refresh_token, changes = {}) {
    return this.token({ grant_type: 'refresh_token', refresh_token, ...changes });
  }
  // From nothing to tokens.
  async tokens(changes = {}, answers = {}) {
    await this.register();
    const tokens = await this.exchange(await this.code(changes, answers));
    assert.equal(tokens.status, 200, JSON.stringify(tokens));
    return tokens;
  }
}

// A call at an MCP endpoint: the HTTP answer with what is in its body.
export async function callTool(url, token, name = 'list_videos', args = {}, headers = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', 'MCP-Protocol-Version': '2025-11-25',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  return { status: answer.status, challenge: answer.headers.get('www-authenticate'), body: JSON.parse((await answer.text()).replace(/^[^{]*/, '')) };
}
