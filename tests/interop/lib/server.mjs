// How the tests start motion-mcp: in an empty home, with nothing of the developer's own environment.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../../', import.meta.url));
export const binary = process.env.MOTION_MCP_BINARY ?? join(repository, 'build/release/motion-mcp');
export const key = 'motion_interop_0123456789abcdef0123456789abcdef';

// A ten-minute job takes three seconds: short to wait for, long enough to see each status on a busy machine.
export const speed = '200';

const scratch = mkdtempSync(join(tmpdir(), 'motion-mcp-interop-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

// Each with a home of its own: a ledger that tests shared would answer one's orders with another's jobs.
export function environment(extra = {}) {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PATH|[A-Z]+SAN_OPTIONS)$/.test(name)));
  const home = mkdtempSync(join(scratch, 'home-'));
  return { ...kept, HOME: home, XDG_DATA_HOME: home, ...extra };
}

// Fails `promise` after `milliseconds`, naming what was waited for.
export function within(milliseconds, what, promise) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing in ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

// Starts the program and waits for the URL that it prints first.
async function startServer(what, args, env) {
  const child = spawn(binary, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  const lines = createInterface({ input: child.stdout });
  const url = await within(20_000, `the address of the ${what}`, new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const found = /http:\/\/\S+/.exec(line);
      if (found) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`the ${what} ended with ${code}`)));
    child.on('error', reject);
  }));
  return {
    url,
    stop: () => {
      child.kill();
      return within(20_000, `the end of the ${what}`, exited);
    },
  };
}

// The offline Motion API in a process of its own.
export const startSandbox = (at = speed) => startServer('sandbox', ['sandbox', '--listen', '127.0.0.1:0', '--speed', at], environment());

// The HTTP connector.
export const startConnector = ({ args = [], env }) =>
  startServer('connector', ['http', '--listen', '127.0.0.1:0', '--access-log', 'off', ...args], env);

// Connects over HTTP by `open(url, headers)`, which returns a session for client_contract.mjs; its server ends with it.
export function overHttp(open) {
  return async ({ args, env }) => {
    const server = await startConnector({ args, env });
    try {
      const session = await open(new URL(server.url), { Authorization: `Bearer ${key}` });
      return {
        ...session,
        close: async () => {
          await session.close();
          const code = await server.stop();
          if (code !== 0) throw new Error(`the connector ended with ${code}`);
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  };
}
