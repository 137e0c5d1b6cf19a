// What an OAuth client has besides its MCP client: a place that the browser comes back to, a document that describes it, and
// a memory.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const listening = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

// Waits for browsers on loopback: next() resolves to the URL of the next visit.
export async function startCallback() {
  const visits = [];
  const waiting = [];
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><html lang="en"><title>Connected</title><h1>You can close this page.</h1></html>');
    const url = new URL(request.url, `http://${request.headers.host}`);
    if (url.pathname !== '/callback') return;
    const waiter = waiting.shift();
    waiter ? waiter(url) : visits.push(url);
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/callback`,
    next: () => visits.length ? Promise.resolve(visits.shift()) : new Promise((resolve) => waiting.push(resolve)),
    stop: () => { server.closeAllConnections(); return new Promise((resolve) => server.close(resolve)); },
  };
}

// A callback that sends the browser on to `target`, with the answer.
export async function startRelay(target) {
  const server = createServer((request, response) => {
    const { search } = new URL(request.url, target);
    response.writeHead(302, { Location: `${target}${search}` }).end();
  });
  const port = await listening(server);
  return { url: `http://127.0.0.1:${port}/callback`, stop: () => { server.closeAllConnections(); return new Promise((resolve) => server.close(resolve)); } };
}

export const documentHost = 'client.example';
export const documentUrl = `https://${documentHost}/oauth/client.json`;

// The site of a client that describes itself, on loopback with a certificate of its own. `asked` counts requests.
export async function startDocumentSite(document) {
  const folder = mkdtempSync(join(tmpdir(), 'motion-mcp-certificate-'));
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name));
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
    '-subj', `/CN=${documentHost}`, '-addext', `subjectAltName=DNS:${documentHost}`, '-keyout', key, '-out', certificate],
  { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr ?? made.error}`);
  const site = { certificate, asked: 0 };
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
    site.asked += 1;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(document));
  });
  site.port = await listening(server);
  site.stop = () => {
    rmSync(folder, { recursive: true, force: true });
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return site;
}

// What the official clients ask of a host, kept in memory. Without a `clientMetadataUrl` they register.
export class Memory {
  constructor(redirectUrl, clientMetadataUrl) {
    this.redirectUrl = redirectUrl;
    this.clientMetadataUrl = clientMetadataUrl;
    this.clientMetadata = {
      client_name: 'A host in a test', redirect_uris: [redirectUrl], grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'], token_endpoint_auth_method: 'none', application_type: 'native',
    };
    this.asked = []; // where the browser was sent
  }
  state() { return (this.lastState = crypto.randomUUID()); }
  clientInformation() { return this.client; }
  saveClientInformation(client) { this.client = client; }
  tokens() { return this.held; }
  saveTokens(tokens) { this.held = tokens; }
  redirectToAuthorization(url) { this.asked.push(url); }
  saveCodeVerifier(verifier) { this.verifier = verifier; }
  codeVerifier() { return this.verifier; }
  discoveryState() { return this.discovered; }
  saveDiscoveryState(state) { this.discovered = state; }
}
