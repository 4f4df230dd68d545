import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, copyOf } from './copy-of.js';

/** Every object and list in a value. */
const partsOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(partsOf)] : [];

describe('a copy of plain data', () => {
  it('says the same, and shares no part with what it was made of', () => {
    const isOwn = (value: unknown): void => {
      const copy = copyOf(value);
      expect(copy).toStrictEqual(value);
      const parts = new Set(partsOf(value));
      expect(partsOf(copy).filter((part) => parts.has(part))).toEqual([]);
    };
    fc.assert(fc.property(fc.jsonValue(), isOwn), { examples: [[{ a: [{ b: { c: [] } }], d: {} }]] });
  });

  it('has a member of any name as its own, and nothing of it as its prototype', () => {
    const value: unknown = JSON.parse('{"a":1,"__proto__":{"isAdmin":true}}');
    const copy = copyOf(value) as object;
    expect(Object.keys(copy)).toEqual(['a', '__proto__']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect('isAdmin' in copy).toBe(false);
    expect(Object.entries(copy)[1]?.[1]).toEqual({ isAdmin: true });
    expect(Object.entries(copy)[1]?.[1]).not.toBe(Object.entries(value as object)[1]?.[1]);
  });

  it('has the part of a buffer that a view shows, and no more', () => {
    const view = Float32Array.of(1, 2, 3).subarray(1, 2);
    const copy = copyOf({ view });
    expect(copy.view).toEqual(Float32Array.of(2));
    expect(copy.view.buffer.byteLength).toBe(4);
  });
});

describe('the bytes of plain data', () => {
  it('are more the more there is, and at least two for each character', () => {
    expect(bytesOf('abc')).toBe(38);
    expect(bytesOf({ a: 'abc', b: [1, null] })).toBe(32 + 16 + 38 + (32 + 16 + 8 + 8));
    expect(bytesOf(Float32Array.of(1, 2))).toBe(40);
  });
});
