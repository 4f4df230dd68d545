import { type TokenCounts, tokenUsage } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TokenUsage } from '../contract/usage.js';
import { sumOfUsages } from './sum-of-usages.js';

const count = fc.nat(1_000);
const usages = fc
  .record({ uncached: count, cacheRead: count, cacheWrite: count, text: count, reasoning: count, image: count })
  .map(({ uncached, text, ...parts }): TokenUsage => {
    const input = uncached + parts.cacheRead + parts.cacheWrite;
    const counts: TokenCounts = { ...parts, input, output: text + parts.reasoning + parts.image };
    return tokenUsage(counts);
  });

describe('the sum of usages', () => {
  it('has parts that sum to its totals, as those it is made of', () => {
    fc.assert(
      fc.property(usages, usages, (one, other) => {
        const { input, output, totalTokens } = sumOfUsages(one, other);
        expect(input.uncached + input.cacheRead + input.cacheWrite).toBe(input.total);
        expect(output.text + output.reasoning + output.image).toBe(output.total);
        expect(input.total + output.total).toBe(totalTokens);
        expect(totalTokens).toBe(one.totalTokens + other.totalTokens);
      }),
    );
  });

  it('tells audio where one of them does', () => {
    const plain = tokenUsage({ input: 5, output: 5 });
    const audio = { ...plain, input: { ...plain.input, audio: 2 }, output: { ...plain.output, audio: 3 } };
    const sum = sumOfUsages(plain, audio);
    expect([sum.input.audio, sum.output.audio]).toEqual([2, 3]);
    expect(sumOfUsages(plain, plain).input).not.toHaveProperty('audio');
  });

  it('tells what is kept for an hour where one of them does', () => {
    const plain = tokenUsage({ input: 5, cacheWrite: 5 });
    const hour = { ...plain, input: { ...plain.input, cacheWrite1h: 4 } };
    expect(sumOfUsages(hour, plain).input).toMatchObject({ cacheWrite: 10, cacheWrite1h: 4 });
    expect(sumOfUsages(plain, plain).input).not.toHaveProperty('cacheWrite1h');
  });

  it('is no surer than the less sure of them, and has no record of an upstream', () => {
    const sure = tokenUsage({ input: 1 });
    const guessed: TokenUsage = { ...sure, certainty: 'estimated', raw: { prompt_tokens: 1 } };
    expect(sumOfUsages(sure, guessed)).toMatchObject({ certainty: 'estimated' });
    expect(sumOfUsages(guessed, sure)).not.toHaveProperty('raw');
  });
});
