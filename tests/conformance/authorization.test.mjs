// The official suite's scenarios for authorization servers, against motion-mcp's own. (Its scenarios auth/* test clients.)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { agree } from '../interop/lib/consent.mjs';
import { suiteProgram, start } from './lib.mjs';

const home = mkdtempSync(join(tmpdir(), 'motion-mcp-conformance-home-'));
let server;

before(async () => {
  server = await start(process.env.MOTION_MCP_BINARY,
    ['http', '--sandbox', '--oauth', '--listen', '127.0.0.1:0', '--access-log', 'off'],
    { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home });
});
after(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

async function register(issuer, redirect_uri) {
  const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
  const answer = await fetch(metadata.registration_endpoint, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ client_name: 'Conformance', redirect_uris: [redirect_uri], application_type: 'native' }),
  });
  assert.equal(answer.status, 201);
  return (await answer.json()).client_id;
}

// Runs all scenarios, and agrees to whatever page they ask a person to open.
async function run(args) {
  const out = mkdtempSync(join(tmpdir(), 'motion-mcp-conformance-'));
  try {
    const suite = spawn(process.execPath, [suiteProgram('conformance'), 'authorization', ...args, '-o', out],
      { stdio: ['ignore', 'pipe', 'inherit'], timeout: 120_000, killSignal: 'SIGKILL' });
    let output = '';
    createInterface({ input: suite.stdout }).on('line', (line) => {
      output += `${line}\n`;
      if (/^http\S*code_challenge=/.test(line)) {
        agree(line, 'motion_conformance_0123456789abcdef').then((callback) => fetch(callback))
          .catch((error) => { output += `${error.stack}\n`; suite.kill(); });
      }
    });
    const status = await new Promise((resolve) => suite.on('close', resolve));
    const checks = readdirSync(out).flatMap((folder) => JSON.parse(readFileSync(join(out, folder, 'checks.json'), 'utf8')));
    return { status, output, checks };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

test('the authorization server passes every scenario without a warning', { timeout: 150_000 }, async () => {
  const issuer = new URL(server.url).origin;
  const port = await freePort();
  const client = await register(issuer, `http://127.0.0.1:${port}/callback`);
  const { status, output, checks } = await run(['--url', issuer, '--client-id', client, '-p', `${port}`, '--resource', server.url]);
  assert.deepEqual(checks.map(({ id, status: outcome, errorMessage }) => [id, outcome, errorMessage]).sort(), [
    ['authorization-code-grant', 'SUCCESS', undefined], ['authorization-server-metadata', 'SUCCESS', undefined],
    ['authorization-server-metadata-cimd', 'SUCCESS', undefined],
  ], output);
  assert.equal(status, 0, output);
});
