import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pricing } from '../contract/model-info.js';
import type { TokenUsage } from '../contract/usage.js';
import { costOf } from './cost.js';

interface Counts {
  readonly uncached: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly text: number;
  readonly reasoning: number;
  readonly image: number;
}

const none: Counts = { uncached: 0, cacheRead: 0, cacheWrite: 0, text: 0, reasoning: 0, image: 0 };

const usage = (changes: Partial<Counts>): TokenUsage => {
  const { uncached, cacheRead, cacheWrite, text, reasoning, image } = { ...none, ...changes };
  const input = uncached + cacheRead + cacheWrite;
  const output = text + reasoning + image;
  return {
    certainty: 'exact',
    input: { total: input, uncached, cacheRead, cacheWrite },
    output: { total: output, text, reasoning, image },
    totalTokens: input + output,
  };
};

const M = 1_000_000;
const all: Pricing = { input: 1, output: 10, reasoning: 20, cacheRead: 0.1, cacheWrite: 1.25 };

describe('costOf', () => {
  it.each([
    ['uncached', 1],
    ['cacheRead', 0.1],
    ['cacheWrite', 1.25],
    ['text', 10],
    ['reasoning', 20],
    ['image', 10],
  ] as const)('bills a million %s tokens at %d dollars', (kind, usd) => {
    expect(costOf(all, usage({ [kind]: M }))).toEqual({ usd, certainty: 'estimated', source: 'catalogue' });
  });

  it('bills reasoning as output when it has no price of its own', () => {
    expect(costOf({ input: 1, output: 10 }, usage({ reasoning: M }))?.usd).toBe(10);
  });

  it('does not guess: without facts, usage or a price that is needed there is no cost', () => {
    expect(costOf(undefined, usage({ text: 1 }))).toBeUndefined();
    expect(costOf(all, undefined)).toBeUndefined();
    expect(costOf({ input: 1 }, usage({ uncached: 1, text: 1 }))).toBeUndefined();
    expect(costOf({ output: 1 }, usage({ uncached: 1, text: 1 }))).toBeUndefined();
    expect(costOf({}, usage({ cacheRead: 1 }))).toBeUndefined();
  });

  it('does not miss a price that is not needed', () => {
    expect(costOf({ input: 1 }, usage({ uncached: M }))?.usd).toBe(1);
    expect(costOf({}, usage({}))?.usd).toBe(0);
  });

  it('knows a price of zero from an unknown one', () => {
    expect(costOf({ input: 0, output: 0 }, usage({ uncached: M, text: M }))?.usd).toBe(0);
    expect(costOf({ ...all, cacheRead: 0, reasoning: 0 }, usage({ cacheRead: M, reasoning: M }))?.usd).toBe(0);
  });
});

describe('tiers', () => {
  const tiered: Pricing = {
    input: 1,
    output: 10,
    tiers: [
      { aboveInputTokens: 200_000, input: 2, output: 15 },
      { aboveInputTokens: 400_000, input: 4 },
    ],
  };

  it('begin above their bound and hold for the whole request', () => {
    expect(costOf(tiered, usage({ uncached: 200_000 }))?.usd).toBeCloseTo(0.2);
    expect(costOf(tiered, usage({ uncached: 200_001 }))?.usd).toBeCloseTo(0.400_002);
    expect(costOf(tiered, usage({ uncached: 300_000, text: 100_000 }))?.usd).toBeCloseTo(0.6 + 1.5);
  });

  it('count cached input too', () => {
    const pricing = { ...tiered, cacheRead: 0.5 };
    expect(costOf(pricing, usage({ uncached: 1, cacheRead: 200_000 }))?.usd).toBeCloseTo(0.100_002);
  });

  it('keep what a higher tier does not change', () => {
    expect(costOf(tiered, usage({ uncached: 500_000, text: 100_000 }))?.usd).toBeCloseTo(2 + 1.5);
  });
});

describe('the parts of a bill', () => {
  const count = fc.integer({ min: 0, max: 1_000_000 });
  const price = fc.double({ min: 0, max: 100, noNaN: true });
  const counts = fc.record({
    uncached: count,
    cacheRead: count,
    cacheWrite: count,
    text: count,
    reasoning: count,
    image: count,
  });
  const prices = fc.record({ input: price, output: price, reasoning: price, cacheRead: price, cacheWrite: price });

  it('add up to the whole', () => {
    fc.assert(
      fc.property(counts, prices, (tokens, pricing) => {
        const whole = costOf(pricing, usage(tokens))?.usd ?? Number.NaN;
        let sum = 0;
        for (const [kind, amount] of Object.entries(tokens))
          sum += costOf(pricing, usage({ [kind]: amount }))?.usd ?? Number.NaN;
        expect(Math.abs(whole - sum)).toBeLessThanOrEqual(1e-9 * Math.max(1, whole));
      }),
    );
  });

  it('never make more tokens cheaper under one price list', () => {
    fc.assert(
      fc.property(counts, prices, count, (tokens, pricing, more) => {
        const before = costOf(pricing, usage(tokens))?.usd ?? Number.NaN;
        const after = costOf(pricing, usage({ ...tokens, text: tokens.text + more }))?.usd ?? Number.NaN;
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});
