// Serves pages of MCP Apps the way hosts do: from another origin than the host's own, under the Content-Security-Policy that the
// page's `_meta.ui.csp` asks for and nothing wider (MCP Apps, specification of 2026-01-26, "Content Security Policy").
import { createServer } from 'node:http';

export function policyFor(csp = {}) {
  const media = (csp.resourceDomains ?? []).join(' ');
  return [
    "default-src 'none'", "object-src 'none'", "frame-src 'none'", "form-action 'none'", "base-uri 'self'",
    `script-src 'self' 'unsafe-inline' ${media}`, `style-src 'self' 'unsafe-inline' ${media}`, `font-src 'self' ${media}`,
    `img-src 'self' data: ${media}`, `media-src 'self' data: ${media}`,
    `connect-src ${(csp.connectDomains ?? []).join(' ') || "'none'"}`,
  ].join('; ');
}

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}

// The host's page passes messages between the frame and the test, where the host is, and gives the frame the height it asks for.
const hostPage = (url, theme) => `<!doctype html><html lang="en"><title>A host</title><link rel="icon" href="data:,">
<style>html { color-scheme: ${theme}; scrollbar-width: none } body { margin: 0; background: ${theme === 'dark' ? '#262624' : '#faf9f5'}; padding: 16px }
iframe { display: block; width: 100%; height: 0; border: 0 }</style>
<main><iframe title="View" sandbox="allow-scripts" src="${url}"></iframe></main>
<script>
const view = document.querySelector('iframe');
addEventListener('message', ({ source, data }) => {
  if (source !== view.contentWindow) return;
  if (data.method === 'ui/notifications/size-changed') view.style.height = data.params.height + 'px';
  fromView(data);
});
window.toView = (message) => view.contentWindow.postMessage(message, '*');
</script></html>`;

// `show({ html, csp, theme })` makes a page that has the view in a frame and resolves to its URL.
export async function startViewServer() {
  const views = [];
  const frames = await listen((request, response) => {
    const view = views[Number(request.url.slice(1))];
    if (!view) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policyFor(view.csp) });
    response.end(view.html);
  });
  const hosts = await listen((request, response) => {
    const index = Number(request.url.slice(1));
    if (!views[index]) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(hostPage(`${frames.origin}/${index}`, views[index].theme));
  });
  return {
    show: (view) => `${hosts.origin}/${views.push({ theme: 'light', ...view }) - 1}`,
    close: () => Promise.all([frames.close(), hosts.close()]),
  };
}
