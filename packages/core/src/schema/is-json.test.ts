import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isJsonObject } from './is-json.js';

const nested = (depth: number): unknown => {
  let value: unknown = {};
  for (let level = 1; level < depth; level += 1) value = { value };
  return value;
};

describe('isJsonObject', () => {
  it('takes plain objects, those without a prototype included', () => {
    expect(isJsonObject({})).toBe(true);
    expect(isJsonObject(Object.assign(Object.create(null) as object, { a: 1 }))).toBe(true);
    expect(isJsonObject({ a: [1, 'x', null, true, { b: [] }] })).toBe(true);
  });

  it('takes a field that is undefined, which JSON leaves out', () => {
    expect(isJsonObject({ a: undefined })).toBe(true);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'x'],
    ['a function', () => {}],
    ['nothing', undefined],
  ])('refuses %s in place of an object', (_what, value) => {
    expect(isJsonObject(value)).toBe(false);
  });

  it.each([
    ['a function', () => {}],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['an instance', new (class Thing {})()],
    ['a big integer', 1n],
    ['a symbol', Symbol('s')],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a list with a hole in its values', [undefined]],
    ['bytes', new Uint8Array(1)],
  ])('refuses %s inside', (_what, value) => {
    expect(isJsonObject({ deep: [{ value }] })).toBe(false);
  });

  it('refuses a prototype key', () => {
    expect(isJsonObject(JSON.parse('{"__proto__":{}}'))).toBe(false);
    expect(isJsonObject(JSON.parse('{"a":[{"__proto__":1}]}'))).toBe(false);
  });

  it('refuses a cycle instead of running for ever', () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    expect(isJsonObject(value)).toBe(false);
  });

  it('refuses what is nested without end and takes what is nested sensibly', () => {
    expect(isJsonObject(nested(64))).toBe(true);
    expect(isJsonObject(nested(70))).toBe(false);
    expect(isJsonObject(nested(10_000))).toBe(false);
  });

  it('takes every object that came out of JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(isJsonObject(JSON.parse(text))).toBe(true);
      }),
    );
  });
});
