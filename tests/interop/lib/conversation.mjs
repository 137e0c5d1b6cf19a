// A server process and every line it ever emits. Requests are written as text, so that nothing between the test and
// the server repairs or refuses them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { messageSchemas } from './schemas.mjs';
import { binary, within } from './server.mjs';

const prefix = 'io.modelcontextprotocol/';

export class Conversation {
  #child;
  #lastId = 0;
  #methods = new Map();
  #waiting = [];
  emitted = [];

  constructor(version, { args = [], env }) {
    this.version = version;
    this.schemas = messageSchemas(version);
    this.isPerRequest = version >= '2026-07-28';
    this.#child = spawn(binary, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
    this.exited = new Promise((resolve) => this.#child.on('exit', resolve));
  }

  // Begins as a client of the version does; returns what it is told about the server.
  async open() {
    if (this.isPerRequest) return this.request('server/discover');
    const answer = await this.request('initialize',
      { protocolVersion: this.version, capabilities: {}, clientInfo: { name: 'conversation', version: '1' } });
    assert.equal(answer.result.protocolVersion, this.version);
    this.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
    return answer;
  }

  // The text of a request, and its id.
  prepare(method, params = {}) {
    const id = ++this.#lastId;
    this.#methods.set(id, method);
    const envelope = { [`${prefix}protocolVersion`]: this.version, [`${prefix}clientCapabilities`]: {} };
    const message = { jsonrpc: '2.0', id, method, params };
    if (this.isPerRequest) message.params = { ...params, _meta: { ...envelope, ...params._meta } };
    return { id, text: JSON.stringify(message) };
  }

  request(method, params) {
    const { id, text } = this.prepare(method, params);
    this.write(text);
    return this.answerTo(id);
  }

  async call(name, args, _meta) {
    const answer = await this.request('tools/call', { name, arguments: args, ...(_meta && { _meta }) });
    return answer.result ?? answer;
  }

  write(text) {
    this.#child.stdin.write(text);
    this.#child.stdin.write('\n');
  }

  answerTo(id) {
    return this.next((message) => message.id === id && !('method' in message));
  }

  // The first message from now on, or already emitted since `from`, that fits.
  next(fits, from = 0) {
    const found = this.messages().slice(from).find(fits);
    if (found) return Promise.resolve(found);
    return within(60_000, `${this.version}: an answer`, new Promise((resolve) => this.#waiting.push({ fits, resolve })));
  }

  messages() {
    return this.emitted.flat();
  }

  async close() {
    this.#child.stdin.end();
    return within(20_000, 'the end of the server', this.exited);
  }

  // Every emitted line is a message of this version. To be called when all is said.
  faults() {
    return this.emitted.flatMap((message) =>
      this.schemas.faultsIn(message, (id) => this.#methods.get(id)).map((fault) => `${fault} in ${JSON.stringify(message).slice(0, 300)}`));
  }

  #take(line) {
    const message = JSON.parse(line);
    this.emitted.push(message);
    for (const one of [message].flat()) {
      for (const waiter of this.#waiting.filter(({ fits }) => fits(one))) {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        waiter.resolve(one);
      }
    }
  }
}
