import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from './parse-json.js';

/** True if anything in the value has a key of its own that could poison a prototype when merged. */
const poisoned = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '__proto__')) return true;
  const { constructor } = value as { constructor?: unknown };
  const own = Object.hasOwn(value, 'constructor') && typeof constructor === 'object' && constructor !== null;
  if (own && Object.hasOwn(constructor as object, 'prototype')) return true;
  return Object.values(value).some(poisoned);
};

describe('parseJson', () => {
  it.each([
    ['at the root', '{"__proto__":{"admin":true},"a":1}'],
    ['deep inside', '{"a":[{"b":{"__proto__":{"admin":true}}}]}'],
    ['in one escaped letter', '{"__pro\\u0074o__":{"admin":true}}'],
    ['in escapes only', '{"\\u005f\\u005fproto\\u005f\\u005f":{"admin":true}}'],
    ['in escapes with capital digits', '{"\\u005F\\u005Fproto\\u005F\\u005F":{"admin":true}}'],
    ['as null', '{"__proto__":null}'],
    ['as constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}'],
    ['as an escaped constructor.prototype', '{"c\\u006fnstructor":{"prototyp\\u0065":{"admin":true}}}'],
    ['twice', '{"__proto__":1,"__proto__":{"admin":true}}'],
  ])('drops a prototype key %s', (_where, text) => {
    expect(poisoned(JSON.parse(text))).toBe(true);
    const value = parseJson(text) as object;
    expect(poisoned(value)).toBe(false);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((Object.assign({}, value) as { admin?: unknown }).admin).toBeUndefined();
  });

  it('keeps what stands beside a dropped key', () => {
    expect(parseJson('{"a":1,"__proto__":{"x":1},"b":[1,{"c":null}]}')).toEqual({ a: 1, b: [1, { c: null }] });
  });

  it('keeps the words where they are not keys', () => {
    const value = { text: '__proto__ and constructor', list: ['__proto__', 'constructor'] };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  it('keeps a harmless key called constructor or prototype', () => {
    expect(parseJson('{"constructor":"Brunel","prototype":1}')).toEqual({ constructor: 'Brunel', prototype: 1 });
  });

  it('keeps null inside lists beside a dropped key', () => {
    expect(parseJson('{"__proto__":1,"list":[null,1]}')).toEqual({ list: [null, 1] });
  });

  it.each(['', '{', '{"a":}', 'undefined', "{'a':1}", '{"__proto__":}'])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!poisoned(JSON.parse(text)));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never lets a prototype key through, wherever it stands', () => {
    const key = fc.constantFrom('__proto__', 'constructor', 'prototype', 'a', '\\u005f_proto__');
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('1', 'null', '"x"'),
        fc.array(tie('tree'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
        fc
          .array(fc.tuple(key, tie('tree')), { maxLength: 3 })
          .map((entries) => `{${entries.map(([name, value]) => `"${name}":${value}`).join(',')}}`),
      ),
    }));
    fc.assert(fc.property(tree, (text) => expect(poisoned(parseJson(text))).toBe(false)));
  });
});
