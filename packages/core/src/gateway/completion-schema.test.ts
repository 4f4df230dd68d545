import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { z } from 'zod';
import { completionGlances, completionSchema } from './completion-schema.js';

const shape: Readonly<Record<string, z.ZodType>> = completionSchema.shape;

const values = fc.oneof(
  fc.anything(),
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(AbortSignal.abort()),
  fc.constant(() => {}),
  fc.constantFrom(
    '',
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.MAX_SAFE_INTEGER,
    2 ** 53,
    new String('x'),
    'x'.repeat(257),
  ),
);

it.each([...completionGlances])('accepts at a glance only what the schema of %s takes unchanged', (name, glance) => {
  let accepted = 0;
  fc.assert(
    fc.property(values, (value) => {
      if (!glance(value)) return;
      accepted += 1;
      const parsed = shape[name]?.safeParse(value);
      expect(parsed?.success).toBe(true);
      expect(parsed?.data).toBe(value);
    }),
    { numRuns: 500 },
  );
  expect(accepted).toBeGreaterThan(0);
});
