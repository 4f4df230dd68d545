import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from './secret.js';

const KEY = 'sk-0123456789abcdef';
const secret = new Secret(KEY);
const holder = { name: 'x', nested: { list: [secret], map: new Map([['key', secret]]) } };

const printed = (value: unknown): string => {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const out = new Console({ stdout: stream, stderr: stream });
  out.log(value);
  out.log('%s %o %O %j', value, value, value, value);
  out.dir(value, { depth: null, showHidden: true });
  out.table([value]);
  return text;
};

describe('Secret', () => {
  it('gives its value to who asks for it', () => {
    expect(secret.reveal()).toBe(KEY);
  });

  it.each([
    ['console.log', () => printed(secret)],
    ['console.log of an object that holds it', () => printed(holder)],
    ['inspect', () => inspect(secret, { depth: null, showHidden: true, getters: true })],
    ['inspect without custom printers', () => inspect(holder, { customInspect: false, showHidden: true, depth: null })],
    ['format', () => format('%s %o %O %j %d', secret, secret, secret, secret, secret)],
    ['JSON', () => JSON.stringify({ holder, secret })],
    ['a template', () => `${secret as unknown as string}`],
    ['String()', () => String(secret)],
    ['adding text', () => `${'key: '}${(secret as unknown as string) + ''}`],
    ['joining', () => [secret].join()],
    [
      'its keys',
      () => [...Object.entries(secret), ...Object.getOwnPropertySymbols(secret), ...Reflect.ownKeys(secret)].join(),
    ],
    ['a copy', () => inspect(structuredClone(Object.assign({}, secret)))],
    ['an error that holds it', () => inspect(Object.assign(new Error('failed'), { secret, cause: secret }))],
  ])('does not show itself through %s', (_way, print) => {
    expect(print()).not.toContain(KEY);
  });

  it('says what it is where its value would stand', () => {
    expect(`${secret as unknown as string}`).toBe('[secret]');
    expect(inspect({ key: secret })).toBe('{ key: [secret] }');
    expect(JSON.stringify({ key: secret })).toBe('{"key":"[secret]"}');
  });

  it('keeps two secrets apart', () => {
    const other = new Secret('other');
    expect([secret.reveal(), other.reveal()]).toEqual([KEY, 'other']);
  });
});
