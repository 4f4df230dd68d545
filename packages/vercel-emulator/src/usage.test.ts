import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, decimal, toText } from './decimal.js';
import { billFor, costStrings, usageObject } from './usage.js';

const plain = { cached: 0, cacheWritten: 0, reasoning: 0, image: 0 };

const counts = fc
  .record({ fresh: fc.nat(500_000), cached: fc.nat(10_000), cacheWritten: fc.nat(10_000), completion: fc.nat(100_000) })
  .map(({ fresh, cached, cacheWritten, completion }) => ({
    ...plain,
    prompt: fresh + cached + cacheWritten,
    cached,
    cacheWritten,
    completion,
  }));
const price = fc.integer({ min: 0, max: 100_000 }).map((thousandths) => thousandths / 1000);
const pricing = fc.record({ input: price, output: price, cacheRead: price, cacheWrite: price });

describe('usage', () => {
  it('bills the recorded example to the last digit', () => {
    const bill = billFor({ ...plain, prompt: 20, completion: 3 }, { input: 0.1, output: 0.4 });
    expect(usageObject({ ...plain, prompt: 20, completion: 3 }, bill)).toMatchObject({
      total_tokens: 23,
      cost: 3.2e-6,
      market_cost: 3.2e-6,
    });
    expect(costStrings(bill)).toMatchObject({
      cost: '0.0000032',
      inputInferenceCost: '0.000002',
      outputInferenceCost: '0.0000012',
    });
  });

  it('has the members in the recorded order', () => {
    expect(
      Object.keys(usageObject({ ...plain, prompt: 1, completion: 1 }, billFor({ ...plain, prompt: 1, completion: 1 }))),
    ).toEqual([
      'prompt_tokens',
      'completion_tokens',
      'total_tokens',
      'cost',
      'is_byok',
      'prompt_tokens_details',
      'cost_details',
      'completion_tokens_details',
      'cache_creation_input_tokens',
      'market_cost',
      'gateway_cost',
    ]);
  });

  it('adds up, in numbers and in strings, and never uses an exponent in a string', () => {
    fc.assert(
      fc.property(counts, pricing, fc.boolean(), (tokens, prices, isByok) => {
        const bill = billFor(tokens, prices, isByok);
        const usage = usageObject(tokens, bill);
        const strings = costStrings(bill);
        expect(usage['total_tokens']).toBe(tokens.prompt + tokens.completion);
        for (const text of Object.values(strings)) expect(text).toMatch(/^\d+(\.\d*[1-9])?$/);
        expect(Number(strings['cost'])).toBe(usage['cost']);
        expect(Number(strings['marketCost'])).toBe(usage['market_cost']);
        expect(toText(add(bill.input, bill.output))).toBe(strings['marketCost']);
        if (isByok) expect(strings['cost']).toBe('0');
        else
          expect(
            toText(add(decimal(strings['inputInferenceCost'] ?? ''), decimal(strings['outputInferenceCost'] ?? ''))),
          ).toBe(strings['cost']);
      }),
    );
  });

  it('bills the whole request at the tier of its prompt', () => {
    const tiered = { input: 3, output: 15, tiers: [{ aboveInputTokens: 200_000, input: 6, output: 22.5 }] };
    expect(costStrings(billFor({ ...plain, prompt: 200_000, completion: 1 }, tiered))['cost']).toBe('0.600015');
    expect(costStrings(billFor({ ...plain, prompt: 200_001, completion: 1 }, tiered))['cost']).toBe('1.2000285');
  });

  it('bills cached tokens at their own price and, without one, at that of others', () => {
    const tokens = { ...plain, prompt: 100, cached: 40, cacheWritten: 20, completion: 0 };
    expect(costStrings(billFor(tokens, { input: 1, cacheRead: 0.1, cacheWrite: 2 }))['cost']).toBe('0.000084');
    expect(costStrings(billFor(tokens, { input: 1 }))['cost']).toBe('0.0001');
  });

  it('costs nothing without prices', () => {
    expect(costStrings(billFor({ ...plain, prompt: 9, completion: 9 }, undefined))['cost']).toBe('0');
  });
});
