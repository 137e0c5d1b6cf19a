// The sandbox's clips on a port of their own: what the service's storage is to a card. A path is CLIP.mp4, ended/... for a link
// that has ended, slow/CLIP.mp4 for one that comes when release() is called, or spoilt/CLIP.mp4 for one whose pictures cannot be decoded.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { repository } from '../../interop/lib/server.mjs';

// The same boxes, with noise for pictures and sound.
function spoil(clip) {
  const spoilt = Buffer.from(clip);
  for (let at = 0; at < clip.length; at += clip.readUInt32BE(at)) {
    if (clip.toString('latin1', at + 4, at + 8) === 'mdat') spoilt.fill('noise', at + 8, at + clip.readUInt32BE(at));
  }
  return spoilt;
}

export async function startMedia() {
  const asked = [];
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const [, kind, pathname] = /^(\/slow|\/spoilt)?(.*)$/.exec(url.pathname);
    asked.push(request.url);
    if (kind === '/slow') await released;
    if (!/^\/[0-9x]+(-followup)?\.mp4$/.test(pathname)) return response.writeHead(403).end();
    const file = readFileSync(`${repository}src/sandbox/clips${pathname}`);
    const clip = kind === '/spoilt' ? spoil(file) : file;
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const headers = { 'Content-Type': 'video/mp4', 'Accept-Ranges': 'bytes' };
    if (from === undefined) return response.writeHead(200, headers).end(clip);
    response.writeHead(206, { ...headers, 'Content-Range': `bytes ${from}-${clip.length - 1}/${clip.length}` });
    response.end(clip.subarray(Number(from)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    asked,
    release,
    close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  };
}
