import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { checkFields } from './check-fields.js';

const shape = { name: z.string().min(1), size: z.int().optional(), tags: z.array(z.string()).optional() };

describe('checking field by field', () => {
  it('finds what a strict schema finds, for whatever is given', () => {
    const strict = z.strictObject(shape);
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.array(fc.oneof(fc.string(), fc.integer())),
      fc.constant(undefined),
    );
    const given = fc.dictionary(fc.constantFrom('name', 'size', 'tags', 'other', 'constructor'), value);
    fc.assert(
      fc.property(given, (options) => {
        const whole = strict.safeParse(options);
        const { data, issues } = checkFields(shape, ['name'], options);
        expect(issues.length === 0).toBe(whole.success);
        const places = (list: readonly { path: PropertyKey[]; code: string }[]): string[] =>
          list.map(({ path, code }) => (code === 'unrecognized_keys' ? code : path.join('.'))).sort();
        if (whole.success) expect(data).toEqual(JSON.parse(JSON.stringify(whole.data)));
        else expect(new Set(places([...issues]))).toEqual(new Set(places(whole.error.issues)));
      }),
    );
  });
});
