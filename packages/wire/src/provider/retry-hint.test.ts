import { describe, expect, it } from '@jest/globals';
import { retryAfterOfField, retryAfterOfText } from './retry-hint.js';

describe('a wait in the text of an error', () => {
  it.each([
    ['Please try again in 1m30s.', 90_000],
    ['Rate limit reached. Please try again in 86ms.', 86],
    ['try again in 2 days', 172_800_000],
    ['Try again in 1d2h.', 93_600_000],
    ['Please retry after 20 seconds.', 20_000],
    ['wait for 1.5 minutes', 90_000],
    ['You can retry again in 1 hour 5 min', 3_900_000],
    ['try again later', undefined],
    ['retry 3 times', undefined],
    ['wait 2 dozen', undefined],
    ['', undefined],
  ])('%j is %s ms', (text, expected) => {
    expect(retryAfterOfText(text)).toBe(expected);
  });

  it('is looked for at the beginning of a long one only', () => {
    expect(retryAfterOfText(`${' '.repeat(3_000)}try again in 5s`)).toBeUndefined();
  });
});

describe('a wait in a field of an error', () => {
  it.each([
    [3, 3_000],
    ['1.5', 1_500],
    [0, 0],
    [-1, undefined],
    ['', undefined],
    ['soon', undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [null, undefined],
  ])('%j is %s ms', (value, expected) => {
    expect(retryAfterOfField(value)).toBe(expected);
  });
});
