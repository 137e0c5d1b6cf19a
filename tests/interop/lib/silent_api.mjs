// A Motion API that takes every request and never answers: what a call in flight looks like for as long as a test
// needs it. `opened(n)` and `closed(n)` resolve when n requests have arrived, or have been given up by the caller.
import { createServer } from 'node:http';
import { within } from './server.mjs';

export async function startSilentApi() {
  const counts = { opened: 0, closed: 0 };
  const waiting = new Set();
  const count = (name) => {
    counts[name] += 1;
    for (const check of waiting) check();
  };
  const server = createServer((request, response) => {
    count('opened');
    response.on('close', () => count('closed'));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  const reach = (name) => (number) => within(20_000, `${number} requests ${name}`, new Promise((resolve) => {
    const check = () => {
      if (counts[name] < number) return;
      waiting.delete(check);
      resolve();
    };
    waiting.add(check);
    check();
  }));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    opened: reach('opened'),
    closed: reach('closed'),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
