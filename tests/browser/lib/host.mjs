// A host of MCP Apps for the tests: the official AppBridge, joined to a frame in Chromium. It does what a host does and keeps what
// the view asked of it.
import { AppBridge, getToolUiResourceUri } from '../../interop/node_modules/@modelcontextprotocol/ext-apps/dist/src/app-bridge.js';
import { within } from '../../interop/lib/server.mjs';
import { openPage } from './browser.mjs';

export const everything = { openLinks: {}, downloadFile: {}, serverTools: {}, updateModelContext: { text: {} }, message: { text: {} } };
const info = { name: 'test-host', version: '1.0.0' };

class FrameTransport {
  constructor(page) {
    this.page = page;
  }
  async start() {
    await this.page.exposeFunction('fromView', (message) => this.onmessage?.(message));
  }
  async send(message) {
    await this.page.evaluate((sent) => window.toView(sent), message);
  }
  async close() {
    this.onclose?.();
  }
}

// Draws a view in a page of its own. `client` (or null) serves the view's calls of tools; `callTool` does instead of it when given.
// With `clock`, time in the page passes by page.clock alone. `early` are notifications that the view gets before its host has
// answered ui/initialize. What the view asked for is in `links`, `files`, `messages`, `contexts`, `heights` and `calls`, in order.
export async function mount(browser, server, { html, csp, client = null, callTool, capabilities = everything, context = {}, clock = false, early = [], page: options = {} }) {
  const theme = context.theme ?? 'light';
  const { page, complaints, close } = await openPage(browser, { viewport: { width: 672, height: 900 }, ...options });
  if (clock) {
    await page.clock.install({ time: '2026-11-01T12:00:00Z' });
    await page.clock.pauseAt('2026-11-01T12:00:01Z');
  }
  const bridge = new AppBridge(client, info, capabilities, { hostContext: { theme, locale: 'en-US', displayMode: 'inline', ...context } });
  const host = { page, bridge, complaints, links: [], files: [], messages: [], contexts: [], heights: [], calls: [] };

  const initialized = new Promise((resolve) => { bridge.oninitialized = resolve; });
  bridge.onsizechange = ({ height }) => host.heights.push(height);
  const keep = (list, answer = () => ({})) => async (params) => {
    list.push(params);
    return answer(params);
  };
  bridge.onopenlink = keep(host.links);
  bridge.ondownloadfile = keep(host.files);
  bridge.onmessage = keep(host.messages);
  bridge.onupdatemodelcontext = keep(host.contexts);
  const transport = new FrameTransport(page);
  await bridge.connect(transport);
  const receive = transport.onmessage;
  transport.onmessage = async (message) => {
    if (message.method === 'ui/initialize') {
      for (const [name, params] of early) await transport.send({ jsonrpc: '2.0', method: `ui/notifications/${name}`, params });
    }
    receive(message);
  };
  // In place of the bridge's own, which only forwards.
  const serve = callTool ?? ((params) => client.callTool(params));
  bridge.oncalltool = async (params) => {
    host.calls.push({ ...params, at: Date.now() });
    return serve(params);
  };
  await page.goto(server.show({ html, csp, theme }));
  await within(20_000, 'the view', initialized);
  host.view = page.frames()[1];
  host.close = async () => {
    await bridge.close();
    await close();
  };
  return host;
}

// What a host does for a model's call of a tool that has a page: reads the page, draws it, makes the call and hands both on.
export async function drawCall(browser, server, client, name, args, options = {}) {
  const { tools } = await client.listTools();
  const uri = getToolUiResourceUri(tools.find((tool) => tool.name === name));
  const { contents: [page] } = await client.readResource({ uri });
  const host = await mount(browser, server, { html: page.text, csp: page._meta.ui.csp, client, ...options });
  await host.bridge.sendToolInput({ arguments: args });
  host.result = await client.callTool({ name, arguments: args });
  await host.bridge.sendToolResult(host.result);
  return host;
}
