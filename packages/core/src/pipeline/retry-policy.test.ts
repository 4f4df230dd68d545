import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OverloadedError, RateLimitedError } from '../errors/upstream-errors.js';
import { DEFAULT_RETRY, waitMs } from './retry-policy.js';

const plain = new OverloadedError('Full.');
const hinted = (retryAfterMs: number): RateLimitedError => new RateLimitedError('Slow down.', { retryAfterMs });
const half = (): number => 0.5;

describe('the wait before a retry', () => {
  it('is a random share of a ceiling that doubles', () => {
    expect([1, 2, 3, 4].map((attempt) => waitMs(DEFAULT_RETRY, attempt, plain, half))).toEqual([
      250, 500, 1_000, 2_000,
    ]);
    expect(waitMs(DEFAULT_RETRY, 1, plain, () => 0)).toBe(0);
  });

  it('never leaves the ceiling of all waits', () => {
    expect(waitMs(DEFAULT_RETRY, 20, plain, half)).toBe(4_000);
    expect(waitMs(DEFAULT_RETRY, 5_000, plain, half)).toBe(4_000);
  });

  it('is what the upstream asked, and a share on top', () => {
    expect(waitMs(DEFAULT_RETRY, 1, hinted(2_000), half)).toBe(2_250);
    expect(waitMs(DEFAULT_RETRY, 1, hinted(0), half)).toBe(250);
  });

  it('is never shorter than the upstream asked, and never longer than that and the ceiling', () => {
    const ms = fc.double({ min: 0, max: 1e6, noNaN: true });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        ms,
        ms,
        ms,
        fc.integer({ min: 1, max: 50 }),
        random,
        (baseDelayMs, maxDelayMs, hint, attempt, share) => {
          const options = { ...DEFAULT_RETRY, baseDelayMs, maxDelayMs };
          const wait = waitMs(options, attempt, hinted(hint), () => share);
          expect(wait).toBeGreaterThanOrEqual(hint);
          expect(wait).toBeLessThanOrEqual(hint + maxDelayMs);
          const free = waitMs(options, attempt, plain, () => share);
          expect(free).toBeGreaterThanOrEqual(0);
          expect(free).toBeLessThanOrEqual(Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1)));
        },
      ),
    );
  });

  it('is never negative, also when a hint lies in the past', () => {
    expect(waitMs(DEFAULT_RETRY, 1, hinted(-5_000), () => 0)).toBeGreaterThanOrEqual(0);
  });
});
