import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { adviceOn, inPlainWords } from './plain-words.js';

/** What zod says of a value today, and we of it. */
const saidOf = (schema: z.ZodType, value: unknown): string =>
  inPlainWords(`${schema.safeParse(value).error?.issues[0]?.message}.`);

describe('what zod says of a value', () => {
  it.each<[z.ZodType, unknown, string]>([
    [z.number(), 'x', 'must be a number, not text.'],
    [z.number(), Number.NaN, 'must be a number, not .nan.'],
    [z.int(), 1.5, 'must be a whole number.'],
    [z.boolean(), null, 'must be true or false, not empty.'],
    [z.string(), undefined, 'is needed: text.'],
    [z.array(z.string()), {}, 'must be a list, not a group of fields.'],
    [z.strictObject({}), [], 'must be a group of fields, not a list.'],
    [z.record(z.string(), z.string()), 5, 'must be a group of fields, not a number.'],
    [z.enum(['a', 'b']), 'c', 'must be one of "a", "b".'],
    [z.literal('a'), 5, 'must be "a".'],
    [z.number().min(1), 0, 'must be at least 1.'],
    [z.number().positive(), 0, 'must be more than 0.'],
    [z.number().max(2), 3, 'must be at most 2.'],
    [z.number().lt(2), 3, 'must be less than 2.'],
    [z.string().min(1), '', 'must have at least 1 characters.'],
    [z.array(z.string()).max(1), ['', ''], 'must have at most 1 items.'],
    [z.string('must name a model'), 5, 'must name a model.'],
  ])('is put into plain words %#', (schema, value, words) => {
    expect(saidOf(schema, value)).toBe(words);
  });

  it('is put together where there are several ways to be right', () => {
    const parts = [
      'Invalid input: expected string, received number',
      'Invalid input: expected record, received number',
    ];
    expect(inPlainWords(`${parts.join(' or ')}.`)).toBe('must be text or a group of fields, not a number.');
    expect(inPlainWords('Invalid input: expected string, received number or else.')).toBe(
      'Invalid input: expected string, received number or else.',
    );
  });
});

describe('advice', () => {
  it.each([
    ['must be one of "hour", "day".', 'dai', 'Did you mean "day"?'],
    ['must be one of "hour", "day".', 'century', undefined],
    ['must be true or false, not text.', 'on', 'YAML 1.2 reads yes, no, on and off as text.'],
    ['must be true or false, not text.', 'perhaps', undefined],
    ['must be a whole number, not text.', '12', 'Take the quotes away.'],
    ['must be a number, not text.', '${N}', undefined],
    ['must be at least 1.', 0, undefined],
  ])('on %j of %j', (message, value, advice) => {
    expect(adviceOn(message, value)).toBe(advice);
  });
});
