import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { LatencyBook } from '../pipeline/latency-book.js';
import { hedgeDelay } from './hedge-delay.js';
import { DEFAULT_HEDGE } from './hedge-options.js';

const bookOf = (times: readonly number[]): LatencyBook => {
  const book = new LatencyBook(new FakeClock());
  for (const ms of times) book.observe('a:m', ms);
  return book;
};
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => (at + 1) * 100);

describe('the delay of a second attempt', () => {
  it('is a quantile of what the target took before', () => {
    expect(hedgeDelay(DEFAULT_HEDGE, bookOf(upTo(20)), 'a:m')).toBe(1_900);
    expect(hedgeDelay({ ...DEFAULT_HEDGE, quantile: 0.5 }, bookOf(upTo(20)), 'a:m')).toBe(1_000);
  });

  it.each([
    ['too little is known', upTo(19), 'a:m'],
    ['another target is known', upTo(20), 'b:m'],
    ['the target is not known yet', upTo(20), undefined],
    ['it only ever failed', upTo(20).map(() => Number.POSITIVE_INFINITY), 'a:m'],
  ])('is the one given, or none, while %s', (_, times, target) => {
    expect(hedgeDelay(DEFAULT_HEDGE, bookOf(times), target)).toBeUndefined();
    expect(hedgeDelay({ ...DEFAULT_HEDGE, initialDelayMs: 3_000 }, bookOf(times), target)).toBe(3_000);
  });

  it('is never outside of its bounds, whatever was learned', () => {
    const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 20, maxLength: 40 });
    const bounds = fc.tuple(fc.nat(5_000), fc.nat(5_000));
    fc.assert(
      fc.property(times, bounds, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (given, [a, b], quantile) => {
        const minDelayMs = Math.min(a, b) + 1;
        const maxDelayMs = Math.max(a, b) + 1;
        const delay = hedgeDelay({ ...DEFAULT_HEDGE, minDelayMs, maxDelayMs, quantile }, bookOf(given), 'a:m');
        expect(delay).toBeGreaterThanOrEqual(minDelayMs);
        expect(delay).toBeLessThanOrEqual(maxDelayMs);
      }),
    );
  });
});
