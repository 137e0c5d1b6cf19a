// The official suite, whole, in both eras, against the fixtures on the product's own protocol libraries: no failure, no
// warning, nothing expected to fail.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { faults, runSuite, start } from './lib.mjs';

let server;
before(async () => {
  server = await start(process.env.CONFORMANCE_SERVER, ['--listen', '127.0.0.1:0']);
});
after(() => server.stop());

const runs = [
  { suite: 'conformance', args: ['--requirements', '2025-11-25'], scenarios: 33 },
  { suite: 'conformance', args: ['--requirements', '2026-07-28'], scenarios: 50 },
  { suite: 'conformance', args: ['--suite', 'all'], scenarios: 65 },
  { suite: 'conformance-0.1', args: ['--suite', 'all'], scenarios: 32 },
];

// What the suite skips: an extension that is not ours, and a check that it says itself it cannot make yet.
const isSkipped = (scenario) => scenario.startsWith('sep-2640-skills-') || scenario === 'tasks-status-notifications';

describe('the official conformance suite', { timeout: 580_000 }, () => {
  for (const { suite, args, scenarios } of runs) {
    test(`${suite} ${args.join(' ')}`, () => {
      const run = runSuite(suite, server.url, args);
      assert.deepEqual(faults(run), []);
      assert.equal(run.status, 0, run.output);
      assert.equal(run.scenarios.length, scenarios, run.output);
      for (const scenario of run.scenarios.filter((name) => !isSkipped(name))) {
        const passed = run.checks.filter((check) => check.scenario === scenario && check.status === 'SUCCESS');
        assert.ok(passed.length > 0, `${scenario} checked nothing`);
      }
    });
  }
});
