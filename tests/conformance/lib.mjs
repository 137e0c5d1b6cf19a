// Runs the official conformance suite's command line and reads what it wrote.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../interop/node_modules/', import.meta.url));
const deadline_ms = 150_000;

// Starts a server and resolves to its URL, which it prints first, and what ends it.
export function start(program, args, env = process.env) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /http:\/\/\S+/.exec(line)?.[0];
      if (url) resolve({ url, stop: () => (child.kill(), exited) });
    });
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    child.on('error', reject);
  });
}

// The suite's command line, by its folder in node_modules.
export const suiteProgram = (version) => join(modules, version, 'dist/index.js');

// What one run of the suite found: every check with the scenario it belongs to, and the scenarios that ran.
// `version` is that of the suite: its folder in node_modules.
export function runSuite(version, url, args) {
  const out = mkdtempSync(join(tmpdir(), 'motion-mcp-conformance-'));
  try {
    const run = spawnSync(process.execPath, [suiteProgram(version), 'server', '--url', url, ...args, '-o', out],
      { encoding: 'utf8', timeout: deadline_ms, killSignal: 'SIGKILL' });
    const folders = readdirSync(out);
    const scenario = (folder) => folder.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '');
    const checks = folders.flatMap((folder) =>
      JSON.parse(readFileSync(join(out, folder, 'checks.json'), 'utf8')).map((check) => ({ scenario: scenario(folder), ...check })));
    return { status: run.status, output: run.stdout + run.stderr, checks, scenarios: folders.map(scenario).sort() };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

// "scenario: check: what was wrong" for everything that is not as the specification says, SHOULDs included.
export const faults = ({ checks }) =>
  checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
    .map(({ scenario, id, errorMessage }) => `${scenario}: ${id}: ${errorMessage}`);
