import { modelInfo } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ModelInfo } from '../contract/model-info.js';
import type { Pricing } from '../contract/pricing.js';
import type { BillableUnits, TokenUsage } from '../contract/usage.js';
import { costOf } from '../pricing/cost-of.js';
import { costByAllBills } from './__fixtures__/cost-by-all-bills.js';
import { estimateCost } from './estimate-cost.js';
import type { TokenEstimate } from './estimate-tokens.js';

const NOW = Date.UTC(2026, 10, 26);

const estimate = (more: Partial<TokenEstimate> = {}): TokenEstimate => ({
  inputTokens: 1_000,
  inputAtLeast: 500,
  inputAtMost: 4_000,
  outputTokens: 100,
  outputAtMost: 200,
  family: 'unknown',
  error: { low: 0.5, high: 2 },
  ...more,
});

const priced = (pricing: Pricing): ModelInfo => modelInfo('p', { id: 'm', pricing });

const dropUndefined = (list: object): Pricing => JSON.parse(JSON.stringify(list)) as Pricing;

describe('an estimate of the price', () => {
  it('is the guess at the list price, and the bounds at the dearest prices of the list', () => {
    const info = priced({ input: 2, output: 10, cacheWrite: 4, reasoning: 20 });
    expect(estimateCost(info, estimate(), NOW)).toEqual({
      expectedUsd: 0.003,
      atMostUsd: 0.02,
      priceProvenance: { origin: 'host', asOf: '2026-01-01' },
    });
  });

  it('goes by the tier that the input falls in, and the upper bound by the dearest of them', () => {
    const tiers = [{ aboveInputTokens: 3_000, input: 5, output: 1 }];
    const cheapAbove = priced({ input: 2, output: 1_000, tiers });
    expect(estimateCost(cheapAbove, estimate(), NOW)).toMatchObject({ expectedUsd: 0.102, atMostUsd: 0.206 });
    expect(estimateCost(cheapAbove, estimate({ inputTokens: 3_500 }), NOW).expectedUsd).toBe(0.0176);
  });

  it('is never above its own upper bound, nor is any bill within the bounds of the estimate', () => {
    const price = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined });
    const anyPrices = fc.record({ cacheRead: price, cacheWrite: price, reasoning: price, inputAudio: price });
    const counts = fc.tuple(...Array.from({ length: 6 }, () => fc.nat(1_000)));
    fc.assert(
      fc.property(
        anyPrices,
        fc.double({ min: 0, max: 50, noNaN: true }),
        counts,
        fc.nat(3_000),
        (list, input, all, above) => {
          const [uncached = 0, cacheRead = 0, cacheWrite = 0, audio = 0, text = 0, reasoning = 0] = all;
          const info = priced({ ...list, input, output: 3, tiers: [{ aboveInputTokens: above, input: 1 }] } as Pricing);
          const usage: TokenUsage = {
            certainty: 'exact',
            input: {
              total: uncached + audio + cacheRead + cacheWrite,
              uncached: uncached + audio,
              cacheRead,
              cacheWrite,
              audio,
            },
            output: { total: text + reasoning, text, reasoning, image: 0 },
            totalTokens: 0,
          };
          const bounds = { inputAtMost: usage.input.total, outputAtMost: usage.output.total };
          const { expectedUsd, atMostUsd } = estimateCost(
            info,
            estimate({ ...bounds, inputTokens: 0, outputTokens: 0 }),
            NOW,
          );
          expect(expectedUsd).toBeLessThanOrEqual(atMostUsd ?? -1);
          expect(costOf(info, usage, NOW)?.usd).toBeLessThanOrEqual((atMostUsd ?? -1) * (1 + 1e-12));
        },
      ),
    );
  });

  it('is to the last digit what the dearest of all bills within its bounds comes to', () => {
    const price = fc.option(
      fc.oneof(
        fc.nat(1_000_000).map((part) => part / 10_000),
        fc.double({ min: 0, max: 100, noNaN: true }),
      ),
      { nil: undefined },
    );
    const prices = {
      input: price,
      output: price,
      cacheRead: price,
      cacheWrite: price,
      reasoning: price,
      inputAudio: price,
      outputAudio: price,
    };
    const tier = fc.record({ ...prices, aboveInputTokens: fc.oneof(fc.nat(2_000_000), fc.constantFrom(-1, 0.5)) });
    const tiers = fc
      .array(tier, { maxLength: 3 })
      .map((list) => list.sort((a, b) => a.aboveInputTokens - b.aboveInputTokens));
    const list = fc.record({ ...prices, tiers, perImage: price }).map(dropUndefined);
    const tokens = fc.oneof(fc.nat(3_000_000), fc.constantFrom(0, 1, 2 ** 53, -1, 0.5));
    const images = fc.option(fc.record({ images: fc.nat(10) }), { nil: undefined });
    const isExact = (pricing: Pricing, sizes: readonly number[], units: BillableUnits | undefined) => {
      const [inputTokens = 0, more = 0, outputTokens = 0] = sizes;
      const inputAtMost = inputTokens + more;
      const sized = estimate({ inputTokens, inputAtMost, outputTokens, outputAtMost: outputTokens });
      const asked = units === undefined ? sized : { ...sized, units };
      expect(estimateCost(priced(pricing), asked, NOW)).toEqual(costByAllBills(priced(pricing), asked, NOW));
    };
    fc.assert(fc.property(list, fc.tuple(tokens, tokens, tokens), images, isExact), {
      examples: [
        [{ input: 2, output: 10, cacheWrite: 4, reasoning: 20, outputAudio: 30, inputAudio: 8 }, [10, 5, 7], undefined],
        [{ input: 2, output: 9, tiers: [{ aboveInputTokens: 5, input: 1, output: 1 }] }, [10, 5, 7], undefined],
        [{ input: 0.1, output: 1e-7 }, [2 ** 52, 5, 2 ** 50], undefined],
        [{ input: 1, perImage: 0.04 }, [10, 5, 7], { images: 2 }],
        [{ input: 1, output: 3, perImage: 0.04 }, [10, 5, 7], { images: 2 }],
        [{ perImage: 0.04 }, [10, 5, 7], undefined],
        [{ output: 3 }, [0, 0, 7], undefined],
      ],
    });
  });

  it('has no upper bound where the output has none', () => {
    const { outputAtMost: _, ...open } = estimate();
    expect(estimateCost(priced({ input: 2, output: 10 }), open, NOW)).toMatchObject({ expectedUsd: 0.003 });
    expect(estimateCost(priced({ input: 2, output: 10 }), open, NOW).atMostUsd).toBeUndefined();
  });

  it('knows what images cost by the piece', () => {
    const { outputAtMost: _, ...open } = estimate({ units: { images: 3 }, outputTokens: 0 });
    expect(estimateCost(priced({ perImage: 0.04 }), open, NOW)).toMatchObject({ expectedUsd: 0.12, atMostUsd: 0.12 });
  });

  it('does not bound what is billed by the search, as long documents count several times', () => {
    const ranking = estimate({ outputTokens: 0, outputAtMost: 0, units: { searchUnits: 1 } });
    const answer = estimateCost(priced({ perThousandSearchUnits: 2 }), ranking, NOW);
    expect(answer).toMatchObject({ expectedUsd: 0.002 });
    expect(answer.atMostUsd).toBeUndefined();
  });

  it.each<[string, ModelInfo | undefined]>([
    ['no model is known', undefined],
    ['the model has no price list', modelInfo('p', { id: 'm' })],
    ['a price that is needed is missing', priced({ input: 1 })],
    ['the prices have ended', priced({ input: 1, output: 1, until: '2026-10-01' })],
  ])('says nothing where %s', (_, info) => {
    expect(estimateCost(info, estimate(), NOW)).toEqual({});
  });
});
