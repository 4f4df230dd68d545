import { costOf, type ModelInfo, type Pricing, type TokenPrices, type TokenUsage } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { vercelModels } from './vercel-models.js';

interface Counts {
  readonly uncached: number;
  readonly audioIn: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly text: number;
  readonly audioOut: number;
  readonly reasoning: number;
  readonly image: number;
}

const NONE: Counts = {
  uncached: 0,
  audioIn: 0,
  cacheRead: 0,
  cacheWrite: 0,
  text: 0,
  audioOut: 0,
  reasoning: 0,
  image: 0,
};

const usageOf = (counts: Counts): TokenUsage => {
  const { uncached, audioIn, cacheRead, cacheWrite, text, audioOut, reasoning, image } = counts;
  const input = uncached + audioIn + cacheRead + cacheWrite;
  const output = text + audioOut + reasoning + image;
  return {
    certainty: 'exact',
    input: { total: input, uncached: uncached + audioIn, cacheRead, cacheWrite, audio: audioIn },
    output: { total: output, text: text + audioOut, reasoning, image, audio: audioOut },
    totalTokens: input + output,
  };
};

/** A price in billionths of a dollar per million tokens, from its decimal text. */
const billionths = (price: number): bigint => {
  const [whole = '', fraction = ''] = String(price).split('.');
  expect(`${whole}.${fraction}`).toMatch(/^\d+\.\d{0,9}$/);
  return BigInt(whole + fraction.padEnd(9, '0'));
};

/** Tokens times price, in 10^-15 dollars; undefined when a price that is needed is not there. */
const expected = (prices: TokenPrices, counts: Counts): bigint | undefined => {
  const { input, output } = prices;
  const lines: readonly (readonly [number, number | undefined])[] = [
    [counts.uncached, input],
    [counts.audioIn, prices.inputAudio ?? input],
    [counts.cacheRead, prices.cacheRead ?? input],
    [counts.cacheWrite, prices.cacheWrite ?? input],
    [counts.text, output],
    [counts.audioOut, prices.outputAudio ?? output],
    [counts.reasoning, prices.reasoning ?? output],
    [counts.image, output],
  ];
  let sum = 0n;
  for (const [tokens, price] of lines) {
    if (tokens > 0 && price === undefined) return undefined;
    sum += BigInt(tokens) * billionths(price ?? 0);
  }
  return sum;
};

const told = (model: ModelInfo, counts: Counts, epochMs: number): bigint | undefined => {
  const cost = costOf(model, usageOf(counts), epochMs);
  if (cost === undefined) return undefined;
  expect(cost.usd).toBe(Number(cost.usdText));
  expect(cost.usd).toBeGreaterThanOrEqual(0);
  expect(cost).toMatchObject({ certainty: 'estimated', source: 'catalogue', priceProvenance: { origin: 'seed' } });
  const [whole = '', fraction = ''] = (cost.usdText ?? '').split('.');
  return BigInt(whole + fraction.padEnd(15, '0'));
};

/** What holds for so many tokens of input: the last tier whose bound is passed, over the prices below it. */
const tierOf = (pricing: Pricing, inputTokens: number): TokenPrices =>
  (pricing.tiers ?? [])
    .filter(({ aboveInputTokens }) => inputTokens > aboveInputTokens)
    .reduce<TokenPrices>((prices, tier) => ({ ...prices, ...tier }), pricing);

const isUsual = ({ size, quality, style, operation }: NonNullable<Pricing['images']>[number]): boolean =>
  (size === undefined || size === 'default') && [quality, style, operation].every((trait) => trait === undefined);

const AT = Date.UTC(2026, 10, 20);
/** Models whose only tier has the prices below it. */
const UNMOVED = ['google/gemini-3-flash', 'google/gemini-3-flash-batch'];
const count = fc.oneof(fc.nat(2_000), fc.nat(3_000_000));
const allCounts = fc.record({
  uncached: count,
  audioIn: fc.oneof(fc.constant(0), count),
  cacheRead: count,
  cacheWrite: count,
  text: count,
  audioOut: fc.oneof(fc.constant(0), count),
  reasoning: count,
  image: fc.oneof(fc.constant(0), count),
});

const priced = vercelModels.list().filter(({ pricing }) => pricing?.input !== undefined);

describe('the cost of a call at every model with a price by token', () => {
  it('is there for all of them', () => {
    expect(priced.length).toBeGreaterThan(350);
  });

  it('is tokens times price, exactly, part by part and with the tier that the input falls in', () => {
    for (const model of priced) {
      const pricing = model.pricing ?? {};
      fc.assert(
        fc.property(allCounts, (counts) => {
          // Made images have a price of their own where the list has one.
          const some =
            pricing.images === undefined && pricing.perImage === undefined ? counts : { ...counts, image: 0 };
          const input = usageOf(some).input.total;
          expect(told(model, some, AT)).toBe(expected(tierOf(pricing, input), some));
        }),
        { numRuns: 15 },
      );
    }
  });

  it('changes as a whole with the first token above the bound of a tier, and not before', () => {
    const tiered = priced.flatMap((model) => (model.pricing?.tiers ?? []).map((tier) => [model, tier] as const));
    expect(tiered.length).toBeGreaterThanOrEqual(62);
    for (const [model, { aboveInputTokens: bound }] of tiered) {
      const [below, above] = [tierOf(model.pricing ?? {}, bound), tierOf(model.pricing ?? {}, bound + 1)];
      for (const [input, prices, others] of [
        [bound - 1, below, above],
        [bound, below, above],
        [bound + 1, above, below],
      ] as const) {
        const cached = Math.floor(input / 2);
        const counts = { ...NONE, uncached: input - cached, cacheRead: cached, text: 100 };
        expect(told(model, counts, AT)).toBe(expected(prices, counts));
        if (!UNMOVED.includes(model.id)) expect(told(model, counts, AT)).not.toBe(expected(others, counts));
      }
    }
  });

  it('changes with the first ms after the last day of a launch price, and not before', () => {
    const dated = priced.filter(({ pricing }) => pricing?.until !== undefined);
    expect(dated.map(({ id }) => id)).toEqual(['google/gemini-4-argon', 'google/gemini-4-carbon']);
    const counts = { ...NONE, uncached: 1_000, cacheRead: 500, text: 70, reasoning: 30 };
    for (const model of dated) {
      const { until = '', next = {} } = model.pricing ?? {};
      const lastMs = Date.parse(`${until}T23:59:59.999Z`);
      expect(told(model, counts, 0)).toBe(expected(model.pricing ?? {}, counts));
      expect(told(model, counts, lastMs)).toBe(expected(model.pricing ?? {}, counts));
      expect(told(model, counts, lastMs + 1)).toBe(expected(next, counts));
      expect(expected(next, counts)).not.toBe(expected(model.pricing ?? {}, counts));
    }
  });

  it('is the sum of what its parts cost, where no tier lies between', () => {
    for (const model of priced) {
      if (model.pricing?.tiers !== undefined || model.pricing?.images !== undefined) continue;
      fc.assert(
        fc.property(allCounts, (counts) => {
          const whole = told(model, counts, AT);
          const parts = Object.entries(counts).map(([name, tokens]) => told(model, { ...NONE, [name]: tokens }, AT));
          const sum = parts.includes(undefined)
            ? undefined
            : parts.reduce<bigint>((total, part) => total + (part ?? 0n), 0n);
          expect(whole).toBe(sum);
        }),
        { numRuns: 5 },
      );
    }
  });
});

describe('the cost of images at every model with a price for them', () => {
  const drawing = vercelModels.list().filter(({ pricing: p }) => p?.perImage !== undefined || p?.images !== undefined);
  const exactly = (price: number, images: number): bigint => billionths(price) * 10n ** 6n * BigInt(images);

  it('is images times the price of what was asked, exactly', () => {
    expect(drawing.length).toBe(23);
    for (const model of drawing)
      for (const row of [...(model.pricing?.images ?? []), undefined]) {
        const { cost: _, ...traits } = row ?? {};
        const imageTraits = Object.fromEntries(Object.entries(traits).filter(([, trait]) => trait !== 'default'));
        const price = row?.cost ?? model.pricing?.perImage ?? (model.pricing?.images ?? []).find(isUsual)?.cost;
        for (const images of [1, 3, 1_000_003]) {
          const units = { images, imageTraits };
          const cost = costOf(model, usageOf({ ...NONE, image: 1_290 }), AT, units);
          if (price === undefined) expect(model.pricing?.images?.some(isUsual)).toBe(false);
          else {
            const [whole = '', fraction = ''] = (cost?.usdText ?? '').split('.');
            expect([model.id, BigInt(whole + fraction.padEnd(15, '0'))]).toEqual([model.id, exactly(price, images)]);
          }
        }
      }
  });

  it('is not known without their number', () => {
    for (const model of drawing) expect(costOf(model, usageOf({ ...NONE, image: 1_290 }), AT)).toBeUndefined();
  });
});

describe('a model with prices of another kind only', () => {
  it('has no cost by tokens', () => {
    const others = vercelModels.list().filter(({ pricing: p }) => p !== undefined && p.input === undefined);
    expect(others.length).toBeGreaterThan(30);
    for (const model of others) expect(costOf(model, usageOf({ ...NONE, uncached: 5, text: 5 }), AT)).toBeUndefined();
  });
});
