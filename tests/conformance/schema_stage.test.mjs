// Tries to break: the agreement of the schema stage with an independent validator (ajv), over random arguments for each
// tool. They are made from its inputSchema and then spoilt a little, so that about half of them are valid and the rest
// nearly so; a number is spelled in one of the ways that JSON has for it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compile } from '../interop/lib/schemas.mjs';

const cases_per_tool = 20_000;

// mulberry32: the same cases in every run.
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Maker {
  constructor(seed) {
    this.random = randomFrom(seed);
  }

  chance(probability) {
    return this.random() < probability;
  }
  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }
  upTo(most) {
    return Math.floor(this.random() * (most + 1));
  }

  // JSON text for a value under `schema`, or near it.
  make(schema) {
    if (this.chance(0.04)) return this.anything(2);
    if (schema.anyOf) return this.make(this.pick(schema.anyOf));
    if (schema.enum) return this.chance(0.9) ? JSON.stringify(this.pick(schema.enum)) : this.string(0, 8);
    switch (schema.type) {
      case 'object': return this.object(schema);
      case 'array': return this.array(schema);
      case 'string': return this.string(schema.minLength ?? 0, schema.maxLength ?? 40);
      case 'integer': case 'number': return this.number(schema);
      case 'boolean': return this.pick(['true', 'false']);
      default: return this.anything(2);
    }
  }

  object({ properties = {}, required = [] }) {
    const members = [];
    for (const [name, schema] of Object.entries(properties)) {
      if (this.chance(required.includes(name) ? 0.97 : 0.35)) members.push([name, this.make(schema)]);
    }
    if (this.chance(0.04)) members.push([this.pick(['more', 'Prompt', 'jobId', '', '__proto__', 'é']), this.anything(1)]);
    return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
  }

  array({ items = {}, minItems = 0, maxItems = 10 }) {
    const length = this.chance(0.1) ? this.pick([minItems - 1, minItems, maxItems, maxItems + 1]) : this.upTo(3);
    return `[${Array.from({ length: Math.max(length, 0) }, () => this.make(items)).join(',')}]`;
  }

  // Lengths at the bounds more often than chance has it; astral characters are one each.
  string(least, most) {
    const length = this.chance(0.15) ? this.pick([least - 1, least, most, most + 1]) : least + this.upTo(12);
    const alphabet = this.pick([['a'], ['a', 'B', ' ', '/', '.', ':'], ['é', '𝄞', '日'], ['\u0000', '"', '\\', '\n', '\u2028']]);
    const character = this.pick(alphabet);
    const text = length > 50 ? character.repeat(length) : Array.from({ length: Math.max(length, 0) }, () => this.pick(alphabet)).join('');
    return JSON.stringify(text);
  }

  number({ minimum = -3, maximum = 60 }) {
    const value = this.chance(0.3) ? this.pick([minimum - 1, minimum, maximum, maximum + 1]) : minimum + this.upTo(maximum - minimum);
    if (this.chance(0.05)) return `${value}.5`;
    const spellings = [`${value}`, `${value}`, `${value}.0`, `${value}e0`, `${value * 10}e-1`, `${value}.00E+0`];
    if (this.chance(0.03)) return this.pick(['-0', '-0.0', '1e30', '-1e30', '9007199254740993', '18446744073709551615', '18446744073709551616', '1e-30']);
    return this.pick(spellings);
  }

  anything(depth) {
    const kinds = ['null', 'true', 'false', this.number({}), this.string(0, 10), '[]', '{}'];
    if (depth > 0) kinds.push(`[${this.anything(depth - 1)}]`, `{${this.string(0, 5)}:${this.anything(depth - 1)}}`);
    return this.pick(kinds);
  }
}

// What the schema stage says of each, in order.
async function judge(name, texts) {
  const child = spawn(process.env.SCHEMA_JUDGE, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = [];
  child.stdout.setEncoding('utf8').on('data', (data) => answers.push(data));
  child.stdin.on('error', () => {});
  child.stdin.end(texts.map((text) => `${name} ${text}\n`).join(''));
  const [code] = await once(child, 'close');
  assert.equal(code, 0);
  return answers.join('').split('\n').slice(0, -1);
}

const schemas = fileURLToPath(new URL('../../schemas/', import.meta.url));
const files = readdirSync(schemas, { recursive: true }).filter((file) => file.endsWith('.json')).sort();

describe('the schema stage takes what ajv takes, and nothing else', { timeout: 580_000 }, () => {
  test('there are tools', () => assert.ok(files.length >= 5));
  for (const [index, file] of files.entries()) {
    const { name, inputSchema } = JSON.parse(readFileSync(schemas + file, 'utf8'));
    test(`${name}: ${cases_per_tool} arguments`, async () => {
      const maker = new Maker(index + 1);
      const texts = Array.from({ length: cases_per_tool }, () => maker.make(inputSchema));
      const isValid = compile(inputSchema);
      const verdicts = await judge(name, texts);
      assert.equal(verdicts.length, texts.length);
      let valid = 0;
      texts.forEach((text, at) => {
        const wanted = isValid(JSON.parse(text));
        if (wanted) ++valid;
        assert.equal(verdicts[at] === 'valid', wanted, `${text.slice(0, 300)}: ajv says ${wanted}, the schema stage ${verdicts[at]}`);
      });
      // Otherwise the cases say nothing.
      assert.ok(valid > cases_per_tool / 5 && valid < cases_per_tool * 0.9, `${valid} are valid`);
    });
  }
});
