import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tokenCounts, tokenUsage } from './token-counts.js';

const count = fc.nat({ max: 1_000_000 });

describe('tokenUsage', () => {
  it('makes parts that sum to the totals, and can be read back', () => {
    fc.assert(
      fc.property(count, count, count, count, count, count, (rest, cacheRead, cacheWrite, seen, reasoning, image) => {
        const counts = {
          input: rest + cacheRead + cacheWrite,
          cacheRead,
          cacheWrite,
          output: seen + reasoning + image,
          reasoning,
          image,
        };
        const { input, output, totalTokens } = tokenUsage(counts);
        expect(input.uncached + input.cacheRead + input.cacheWrite).toBe(input.total);
        expect(output.text + output.reasoning + output.image).toBe(output.total);
        expect(totalTokens).toBe(input.total + output.total);
        expect(tokenCounts(tokenUsage(counts))).toEqual(counts);
      }),
    );
  });

  it.each([
    [{ input: 1, cacheRead: 2 }, 'more than its 1'],
    [{ output: 1, reasoning: 1, image: 1 }, 'more than its 1'],
    [{ input: -1 }, 'no number of tokens'],
    [{ output: 0.5 }, 'no number of tokens'],
  ])('refuses %j', (counts, message) => {
    expect(() => tokenUsage(counts)).toThrow(message);
  });
});
