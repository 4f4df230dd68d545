import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { guessedWaitMs } from './guessed-wait.js';

describe('a guess of when one of the calls under way is over', () => {
  it.each([
    ['as long again as the oldest has taken, while none has ended', undefined, 10_000, 14_500, 4_500],
    ['as long as calls take, once one has', 6_000, 10_000, 99_000, 6_000],
    ['a second for calls that just began', undefined, 10_000, 10_000, 1_000],
    ['a second where none has begun', undefined, undefined, 99_000, 1_000],
  ] as const)('is %s', (_, meanMs, firstAt, now, guess) => {
    expect(guessedWaitMs(meanMs, firstAt, now)).toBe(guess);
  });

  it('is between a second and thirty, whatever is known', () => {
    const time = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(time, time, fc.double({ min: 1e9, max: 2e9, noNaN: true }), (meanMs, firstAt, now) => {
        const guess = guessedWaitMs(meanMs, firstAt, now);
        expect(guess).toBeGreaterThanOrEqual(1_000);
        expect(guess).toBeLessThanOrEqual(30_000);
      }),
      {
        examples: [
          [200, 0, 2e9],
          [31_000, 0, 2e9],
          [undefined, 0, 2e9],
        ],
      },
    );
  });
});
