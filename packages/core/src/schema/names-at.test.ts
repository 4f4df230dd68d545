import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { namesAt } from './names-at.js';

const inner = z.strictObject({ low: z.number().optional(), high: z.number().optional() });

describe('the names at a path of a schema', () => {
  it.each([
    ['the object itself', inner, [], ['low', 'high']],
    ['a field', z.object({ a: inner }), ['a'], ['low', 'high']],
    [
      'an optional, nullable or defaulted one',
      z.object({ a: inner.default({}).nullable().optional() }),
      ['a'],
      ['low', 'high'],
    ],
    ['one that is made when it is needed', z.object({ a: z.lazy(() => inner) }), ['a'], ['low', 'high']],
    [
      'every object of a union',
      z.union([z.literal(false), inner, z.object({ b: z.string() })]),
      [],
      ['low', 'high', 'b'],
    ],
    ['an item of a list', z.object({ a: z.array(inner) }), ['a', 3], ['low', 'high']],
    ['a value of a record', z.record(z.string(), inner), ['any'], ['low', 'high']],
    ['what is changed behind it', inner.transform(() => 1), [], ['low', 'high']],
    ['what is refined', z.object({ a: inner.refine(() => true) }), ['a'], ['low', 'high']],
    ['nothing where there is no object', z.object({ a: z.string() }), ['a'], []],
    ['nothing for a name that all objects have', z.object({ a: inner }), ['toString'], []],
  ] as const)('are those of %s', (_, schema, path, names) => {
    expect(namesAt(schema, path)).toEqual(names);
  });
});
