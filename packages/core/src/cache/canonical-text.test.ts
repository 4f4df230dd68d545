import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText } from './canonical-text.js';

/** The same value with the members of every object in another order. */
const reversed = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
};

/** JSON as `JSON.parse` gives it: no minus zero, which JSON text may not tell from zero. */
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

describe('the canonical text of a value', () => {
  it('is the same in whatever order members come', () => {
    fc.assert(fc.property(json, (value) => canonicalText(reversed(value)) === canonicalText(value)));
  });

  it('is JSON that says the same', () => {
    fc.assert(fc.property(json, (value) => expect(JSON.parse(canonicalText(value))).toEqual(value)));
  });

  it('tells values apart', () => {
    const differ = ([one, other]: readonly [unknown, unknown]) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other) && JSON.stringify(reversed(one)) !== JSON.stringify(other));
      const equal = canonicalText(one) === canonicalText(other);
      if (equal) expect(one).toEqual(other);
    };
    fc.assert(fc.property(fc.tuple(json, json), differ));
  });

  it('leaves out what is not there', () => {
    expect(canonicalText({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it('has bytes by what they are, and no text passes for them', () => {
    const one = canonicalText(Uint8Array.of(1, 2));
    expect(canonicalText(Buffer.from([1, 2]))).toBe(one);
    expect(canonicalText(Uint8Array.of(1, 2, 3).subarray(0, 2))).toBe(one);
    expect(canonicalText(Uint8Array.of(1, 3))).not.toBe(one);
    expect(canonicalText(one)).not.toBe(one);
  });
});
