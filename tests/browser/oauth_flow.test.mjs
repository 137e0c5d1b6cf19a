// A host of each official client is connected in the browser, registered or by its metadata document, and makes a video.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client as SdkClient } from '../interop/node_modules/@modelcontextprotocol/sdk/dist/esm/client/index.js';
import { StreamableHTTPClientTransport as SdkTransport }
  from '../interop/node_modules/@modelcontextprotocol/sdk/dist/esm/client/streamableHttp.js';
import { Client, StreamableHTTPClientTransport } from '../interop/node_modules/@modelcontextprotocol/client/dist/index.mjs';
import { environment, speed, startConnector, within } from '../interop/lib/server.mjs';
import { launch, openPage } from './lib/browser.mjs';
import { documentHost, documentUrl, Memory, startCallback, startDocumentSite } from './lib/oauth.mjs';

const key = 'motion_browser_0123456789abcdef0123456789abcdef';
const identity = { name: 'browser-test', version: '1.0.0' };

// How each client is made, handed what the browser brought back, and called.
const clients = {
  'sdk 1.32.2': {
    transport: (url, authProvider) => new SdkTransport(url, { authProvider }),
    client: () => new SdkClient(identity),
    finish: (transport, callback) => transport.finishAuth(callback.searchParams.get('code')),
    call: (client, name, args) => client.callTool({ name, arguments: args }),
  },
};
for (const [name, mode] of [['legacy', 'legacy'], ['2026-07-28', { pin: '2026-07-28' }]]) {
  clients[`client 2.4.0, ${name}`] = {
    transport: (url, authProvider) => new StreamableHTTPClientTransport(url, { authProvider }),
    client: () => new Client(identity, { versionNegotiation: { mode } }),
    finish: (transport, callback) => transport.finishAuth(callback.searchParams),
    call: (client, name, args) => client.callTool({ name, arguments: args }),
  };
}

let browser;
let callback;
let site;
let server;
before(async () => {
  callback = await startCallback();
  site = await startDocumentSite({
    client_id: documentUrl, client_name: 'A host with a document', redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none',
  });
  server = await startConnector({
    args: ['--sandbox', '--speed', speed, '--oauth', '--ca-file', site.certificate,
      '--oauth-client-host', `${documentHost}=127.0.0.1:${site.port}`],
    env: environment(),
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await site?.stop();
  await callback?.stop();
});

// Connects as a host does: asks, sends the person to the browser, comes back with what it brought, and asks again.
async function connect(kind, memory, person) {
  const url = new URL(server.url);
  const first = kind.transport(url, memory);
  await assert.rejects(kind.client().connect(first), (error) => error.constructor.name === 'UnauthorizedError');
  const visit = callback.next();
  await person(memory.asked.at(-1));
  const came = await within(20_000, 'the way back', visit);
  assert.equal(came.searchParams.get('state'), memory.lastState);
  assert.equal(came.searchParams.get('iss'), url.origin);
  await kind.finish(first, came);
  const client = kind.client();
  await client.connect(kind.transport(url, memory));
  return client;
}

async function agreeInBrowser(url) {
  const { page, complaints, close } = await openPage(browser);
  await page.goto(url.href);
  await page.getByLabel('Your Motion API key').fill(key);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('You can close this page.').waitFor();
  assert.deepEqual(complaints.filter((line) => !line.includes('favicon')), []);
  assert.ok(!page.url().includes(key), 'the key is in no URL');
  await close();
}

async function makeVideo(kind, client) {
  const created = await kind.call(client, 'create_video', { prompt: `A video by ${crypto.randomUUID()}` });
  assert.ok(!created.isError, JSON.stringify(created.content));
  const { job_id } = created.structuredContent;
  const status = await kind.call(client, 'get_video_status', { job_id, wait_seconds: 50 });
  assert.equal(status.structuredContent.ready, true, JSON.stringify(status.content));
}

describe('a connector that is authorized in the browser', { timeout: 580_000 }, () => {
  for (const [name, kind] of Object.entries(clients)) {
    for (const [way, document] of [['registered', undefined], ['by its document', documentUrl]]) {
      test(`${name}, ${way}, makes a video, and again after its token is refreshed`, async () => {
        const memory = new Memory(callback.url, document);
        const client = await connect(kind, memory, agreeInBrowser);
        if (document) assert.equal(memory.client.client_id, documentUrl);
        else assert.ok(!memory.client.client_id.includes(':'));
        await makeVideo(kind, client);

        const { access_token, refresh_token } = memory.held;
        assert.ok(refresh_token);
        memory.held = { ...memory.held, access_token: 'expired' };
        await makeVideo(kind, client);
        assert.notEqual(memory.held.access_token, access_token);
        assert.notEqual(memory.held.refresh_token, refresh_token);
        assert.equal(memory.asked.length, 1, 'the person was asked once');
        await client.close();
      });
    }
  }

  test('the documents were fetched once for all', () => assert.equal(site.asked, 1));
});
