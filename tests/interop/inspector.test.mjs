// Tries to break: the advertised schemas under Inspector's portability rules, which stand for the model APIs that
// refuse a whole session for one exotic keyword; and Inspector's own client in each era.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { binary, environment, key, speed, startConnector } from './lib/server.mjs';

const launcher = fileURLToPath(new URL('node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url));

let connector;
before(async () => {
  connector = await startConnector({ args: ['--sandbox', '--speed', speed], env: environment() });
});
after(() => connector.stop());

const server = {
  stdio: () => ['--', binary, '--sandbox', '--speed', speed],
  http: () => ['--server-url', connector.url, '--header', `Authorization: Bearer ${key}`, '--transport', 'http'],
};

function inspect(transport, ...options) {
  const words = [launcher, '--cli', '--format', 'json', ...options, ...server[transport]()];
  return new Promise((resolve) => {
    execFile(process.execPath, words, { env: environment(), timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

for (const [era, over] of ['legacy', 'auto', 'modern'].flatMap((name) => [[name, 'stdio'], [name, 'http']])) {
  describe(`Inspector 2.12.0, ${era} over ${over}`, { timeout: 120_000, concurrency: true }, () => {
    test('finds nothing to say about the tools with --strict', async () => {
      const { code, stdout, stderr } = await inspect(over, '--protocol-era', era, '--strict', '--method', 'tools/list');
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /Warning|Error|Issue/, stderr);
      assert.ok(JSON.parse(stdout).result.tools.length >= 3);
    });

    test('calls a tool', async () => {
      const { code, stdout, stderr } = await inspect(over, '--protocol-era', era, '--method', 'tools/call', '--tool-name', 'create_video',
        '--tool-args-json', '{"prompt":"A launch video.","aspect_ratio":"1:1"}');
      assert.equal(code, 0, stderr);
      // In 2026-07-28 Inspector takes tasks and follows this one to the finished video.
      const { status, ready } = JSON.parse(stdout).result.structuredContent;
      assert.deepEqual([status, ready ?? false], era === 'legacy' ? ['queued', false] : ['completed', true]);
    });

    test('reads the list of jobs as a resource', async () => {
      const { code, stdout, stderr } = await inspect(over, '--protocol-era', era, '--method', 'resources/read', '--uri', 'motion://jobs');
      assert.equal(code, 0, stderr);
      assert.ok(JSON.parse(JSON.parse(stdout).result.contents[0].text).message);
    });

    test('finds the card of each video tool, and no fault in it', async () => {
      const { code, stdout, stderr } = await inspect(over, '--protocol-era', era, '--app-info', '--advertise-apps', '--method', 'tools/list');
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /Warning|Error|Issue/, stderr);
      const found = stdout.trim().split('\n').map((line) => JSON.parse(line));
      const withCard = found.filter(({ hasApp }) => hasApp);
      assert.deepEqual(withCard.map(({ toolName }) => toolName), ['create_video', 'followup_video', 'get_video_status']);
      for (const { resourceUri, resourceMimeType, resourceError, csp, prefersBorder } of withCard) {
        assert.equal(resourceUri, 'ui://motion/video-card.v1.html');
        assert.equal(resourceMimeType, 'text/html;profile=mcp-app');
        assert.equal(resourceError, undefined);
        assert.match(csp.resourceDomains.join(), /^http:\/\/127\.0\.0\.1:\d+$/);
        assert.equal(prefersBorder, false);
      }
    });

    test('shows a refusal', async () => {
      const { code, stdout } = await inspect(over, '--protocol-era', era, '--method', 'tools/call', '--tool-name', 'get_video_status',
        '--tool-args-json', '{"job_id":"1"}');
      assert.equal(code, 5);
      assert.equal(JSON.parse(stdout).result.isError, true);
    });
  });
}
