// The official suite against motion-mcp itself. It has no fixtures: what fails for the want of one stands in
// product_baseline.json with its reason, and everything else passes.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { faults, runSuite, start } from './lib.mjs';

const baseline = JSON.parse(readFileSync(new URL('product_baseline.json', import.meta.url), 'utf8'));
const home = mkdtempSync(join(tmpdir(), 'motion-mcp-conformance-home-'));

// Every scenario that asks for no fixture of its own, and server-stateless, most of which does not either.
const scenarios = {
  '2025-11-25': ['server-initialize', 'server-session-lifecycle', 'ping', 'logging-set-level', 'tools-list', 'resources-list',
    'server-sse-multiple-streams', 'server-sse-polling', 'dns-rebinding-protection'],
  '2026-07-28': ['server-stateless', 'tools-list', 'resources-list', 'caching', 'http-header-validation', 'sep-2164-resource-not-found',
    'server-sse-multiple-streams', 'input-required-result-unsupported-methods', 'dns-rebinding-protection'],
};

let server;
before(async () => {
  const env = { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home };
  server = await start(process.env.MOTION_MCP_BINARY,
    ['http', '--sandbox', '--shared-key', '--listen', '127.0.0.1:0', '--access-log', 'off'], env);
});
after(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

describe('motion-mcp in the official conformance suite', { timeout: 580_000 }, () => {
  for (const [version, names] of Object.entries(scenarios)) {
    for (const name of names) {
      test(`${version}: ${name}`, () => {
        const run = runSuite('conformance', server.url, ['--scenario', name, '--spec-version', version]);
        assert.deepEqual(run.scenarios, [name], run.output);
        const failed = run.checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING').map(({ id }) => id).sort();
        assert.deepEqual(failed, Object.keys(baseline[name] ?? {}).sort(), faults(run).join('\n'));
      });
    }
  }
});
