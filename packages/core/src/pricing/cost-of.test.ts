import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { model } from '../__fixtures__/call.js';
import type { Pricing } from '../contract/pricing.js';
import type { BillableUnits, TokenUsage } from '../contract/usage.js';
import { costOf } from './cost-of.js';

interface Counts {
  readonly uncached: number;
  readonly audioIn: number;
  readonly cacheRead: number;
  /** For five minutes. */
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly text: number;
  readonly audioOut: number;
  readonly reasoning: number;
  readonly image: number;
}

const none: Counts = {
  uncached: 0,
  audioIn: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  text: 0,
  audioOut: 0,
  reasoning: 0,
  image: 0,
};

const usage = (changes: Partial<Counts>, certainty: TokenUsage['certainty'] = 'exact'): TokenUsage => {
  const { uncached, audioIn, cacheRead, cacheWrite1h, text, audioOut, reasoning, image, ...more } = {
    ...none,
    ...changes,
  };
  const cacheWrite = more.cacheWrite + cacheWrite1h;
  const input = uncached + audioIn + cacheRead + cacheWrite;
  const output = text + audioOut + reasoning + image;
  return {
    certainty,
    input: { total: input, uncached: uncached + audioIn, cacheRead, cacheWrite, cacheWrite1h, audio: audioIn },
    output: { total: output, text: text + audioOut, reasoning, image, audio: audioOut },
    totalTokens: input + output,
  };
};

const M = 1_000_000;
const all: Pricing = {
  input: 1,
  output: 10,
  reasoning: 20,
  cacheRead: 0.1,
  cacheWrite: 1.25,
  cacheWrite1h: 2,
  inputAudio: 3,
  outputAudio: 30,
};

const costs = (pricing: Pricing | undefined, counts: Partial<Counts>, at = 0) =>
  costOf(pricing === undefined ? model() : model({ pricing }), usage(counts), at);
const usd = (pricing: Pricing, counts: Partial<Counts>, at = 0) => costs(pricing, counts, at)?.usdText;

describe('costOf', () => {
  it('bills what is kept in the cache for an hour at its own price, or as the rest of what is written', () => {
    const written = { cacheWrite: M, cacheWrite1h: 2 * M };
    expect(usd(all, written)).toBe('5.25');
    expect(usd({ input: 1, output: 1, cacheWrite: 1.25 }, written)).toBe('3.75');
    expect(usd({ input: 1, output: 1 }, written)).toBe('3');
  });

  it.each([
    ['uncached', '1'],
    ['audioIn', '3'],
    ['cacheRead', '0.1'],
    ['cacheWrite', '1.25'],
    ['cacheWrite1h', '2'],
    ['text', '10'],
    ['audioOut', '30'],
    ['reasoning', '20'],
    ['image', '10'],
  ] as const)('bills a million %s tokens at %s dollars', (kind, dollars) => {
    expect(costs(all, { [kind]: M })).toEqual({
      usd: Number(dollars),
      usdText: dollars,
      certainty: 'estimated',
      source: 'catalogue',
      priceProvenance: { origin: 'seed', asOf: '2026-01-01' },
    });
  });

  it.each([
    ['cacheRead', '2'],
    ['cacheWrite', '2'],
    ['cacheWrite1h', '2'],
    ['audioIn', '2'],
    ['reasoning', '7'],
    ['audioOut', '7'],
    ['image', '7'],
  ] as const)('bills %s without a price of its own as what it is part of', (kind, dollars) => {
    expect(usd({ input: 2, output: 7 }, { [kind]: M })).toBe(dollars);
  });

  it('does not guess: without facts, usage or a price that is needed there is no cost', () => {
    expect(costs(undefined, { text: 1 })).toBeUndefined();
    expect(costOf(undefined, usage({ text: 1 }), 0)).toBeUndefined();
    expect(costOf(model({ pricing: all }), undefined, 0)).toBeUndefined();
    expect(costs({ input: 1 }, { uncached: 1, text: 1 })).toBeUndefined();
    expect(costs({ output: 1 }, { uncached: 1, text: 1 })).toBeUndefined();
    expect(costs({ cacheRead: 1 }, { cacheRead: 1, uncached: 1 })).toBeUndefined();
    expect(costs({}, { cacheRead: 1 })).toBeUndefined();
  });

  it('does not miss a price that is not needed', () => {
    expect(usd({ input: 1 }, { uncached: M })).toBe('1');
    expect(usd({}, {})).toBe('0');
  });

  it('knows a price of zero from an unknown one', () => {
    expect(usd({ input: 0, output: 0 }, { uncached: M, text: M })).toBe('0');
    expect(usd({ ...all, cacheRead: 0, reasoning: 0 }, { cacheRead: M, reasoning: M })).toBe('0');
  });

  it('is a lower bound where the tokens are', () => {
    expect(costOf(model({ pricing: all }), usage({ text: 1 }, 'at-least'), 0)?.certainty).toBe('at-least');
    expect(costOf(model({ pricing: all }), usage({ text: 1 }, 'estimated'), 0)?.certainty).toBe('estimated');
  });

  it('tells where the price itself is from', () => {
    const live = { origin: 'live', asOf: '2026-11-24' } as const;
    const priced = model({ pricing: all, factProvenance: { pricing: live } });
    expect(costOf(priced, usage({ text: 1 }), 0)?.priceProvenance).toEqual(live);
  });

  it.each([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 2 ** 60])('makes no cost of %p tokens', (tokens) => {
    expect(costs(all, { uncached: tokens, text: 5 })).toBeUndefined();
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('makes no cost of the price %p', (price) => {
    expect(costs({ ...all, input: price }, { uncached: 5 })).toBeUndefined();
    expect(usd({ ...all, input: price }, { text: M })).toBe('10');
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

  it.each([
    [199_999, '0.199999'],
    [200_000, '0.2'],
    [200_001, '0.400002'],
    [400_000, '0.8'],
    [400_001, '1.600004'],
  ])('bill the whole of %d tokens at one price', (uncached, dollars) => {
    expect(usd(tiered, { uncached })).toBe(dollars);
  });

  it('hold for the output too, and keep what a higher tier does not change', () => {
    expect(usd(tiered, { uncached: 300_000, text: 100_000 })).toBe('2.1');
    expect(usd(tiered, { uncached: 500_000, text: 100_000 })).toBe('3.5');
  });

  it('count cached input too', () => {
    const pricing = { ...tiered, cacheRead: 0.5 };
    expect(usd(pricing, { uncached: 1, cacheRead: 199_999 })).toBe('0.1000005');
    expect(usd(pricing, { uncached: 1, cacheRead: 200_000 })).toBe('0.100002');
  });

  it('let a part without a price of its own follow what it is part of', () => {
    expect(usd(tiered, { cacheRead: 300_000, reasoning: 100_000 })).toBe('2.1');
  });
});

describe('dated prices', () => {
  const dated: Pricing = {
    input: 1,
    until: '2026-11-30',
    next: { input: 2, until: '2027-01-31', next: { input: 3 } },
  };
  const at = (date: string) => usd(dated, { uncached: M }, Date.parse(date));

  it('hold to the last ms of their last day, by when the call began', () => {
    expect(at('2020-01-01T00:00:00Z')).toBe('1');
    expect(at('2026-11-30T23:59:59.999Z')).toBe('1');
    expect(at('2026-12-01T00:00:00.000Z')).toBe('2');
    expect(at('2027-01-31T23:59:59.999Z')).toBe('2');
    expect(at('2027-02-01T00:00:00.000Z')).toBe('3');
  });

  it('are not known once they have ended and nothing came after', () => {
    const over: Pricing = { input: 1, until: '2026-11-30' };
    expect(usd(over, { uncached: M }, Date.parse('2026-11-30T12:00:00Z'))).toBe('1');
    expect(usd(over, { uncached: M }, Date.parse('2026-12-01T00:00:00Z'))).toBeUndefined();
  });

  it('hold on when their last day is none', () => {
    expect(usd({ input: 1, until: 'soon' }, { uncached: M }, Date.now())).toBe('1');
  });
});

describe('what is billed by the piece', () => {
  const by = (pricing: Pricing, units: BillableUnits | undefined, counts?: Partial<Counts>) =>
    costOf(model({ pricing }), counts === undefined ? undefined : usage(counts), 0, units);

  it('is images times price, without tokens for them', () => {
    expect(by({ perImage: 0.04 }, { images: 3 })).toMatchObject({ usdText: '0.12', certainty: 'estimated' });
    expect(by({ perImage: 0.04 }, { images: 3 }, { uncached: 50, image: 4_000 })?.usdText).toBe('0.12');
    expect(by({ perImage: 0.04, input: 5 }, { images: 1 }, { uncached: 100, text: 9 })?.usdText).toBe('0.0405');
    expect(by({ perImage: 0.04 }, { images: 0 }, { uncached: 50 })?.usdText).toBe('0');
  });

  it('is at least the images when nobody counted the tokens that are billed beside them', () => {
    expect(by({ perImage: 0.04, input: 5 }, { images: 1 })).toMatchObject({ usdText: '0.04', certainty: 'at-least' });
  });

  it('is not known without the count', () => {
    expect(by({ perImage: 0.04 }, undefined, { uncached: 50 })).toBeUndefined();
    expect(by({ perImage: 0.04 }, {})).toBeUndefined();
    expect(
      by({ input: 1, output: 2, images: [{ cost: 0.1 }] }, undefined, { uncached: 5, image: 1_290 }),
    ).toBeUndefined();
    expect(by({ perThousandSearchUnits: 2 }, { images: 1 })).toBeUndefined();
    for (const images of [-1, 0.5, Number.NaN]) expect(by({ perImage: 0.04 }, { images })).toBeUndefined();
  });

  it('is no image for a model that writes and draws when it only wrote', () => {
    const pricing = { input: 0.3, output: 2.5, images: [{ size: 'default', cost: 0.039 }] };
    expect(by(pricing, undefined, { uncached: M, text: M })?.usdText).toBe('2.8');
    expect(by(pricing, { images: 2 }, { uncached: M, text: M, image: 2_580 })?.usdText).toBe('2.878');
  });

  it('is priced by the row that names the most of what was asked', () => {
    const images = [
      { size: 'default', cost: 1 },
      { size: '2K', cost: 2 },
      { size: '2K', quality: 'high', cost: 3 },
      { style: 'vector', cost: 4 },
    ];
    const price = (imageTraits?: BillableUnits['imageTraits']) =>
      by({ images, perImage: 9 }, imageTraits === undefined ? { images: 1 } : { images: 1, imageTraits })?.usd;
    expect(price()).toBe(1);
    expect(price({ size: '2K' })).toBe(2);
    expect(price({ size: '2K', quality: 'high' })).toBe(3);
    expect(price({ size: '4K' })).toBe(9);
    expect(price({ style: 'vector', size: '4K' })).toBe(4);
    expect(price({ style: 'vector', size: '2K' })).toBeUndefined();
  });

  it('is not known where several rows might do, unless they say the same', () => {
    expect(
      by(
        {
          images: [
            { size: '1K', cost: 1 },
            { size: '2K', cost: 2 },
          ],
        },
        { images: 1 },
      ),
    ).toBeUndefined();
    expect(
      by(
        {
          images: [
            { size: '1K', cost: 2 },
            { size: '2K', cost: 2 },
          ],
        },
        { images: 1 },
      )?.usd,
    ).toBe(2);
  });

  it('is a thousandth of the price for each search unit, tokens beside', () => {
    expect(by({ perThousandSearchUnits: 2 }, { searchUnits: 3 })?.usdText).toBe('0.006');
    expect(by({ perThousandSearchUnits: 2, input: 1 }, { searchUnits: 1 }, { uncached: M })?.usdText).toBe('1.002');
  });

  it('is nothing for a list that bills by token only', () => {
    expect(by({ input: 1 }, { searchUnits: 3 }, { uncached: M })?.usdText).toBe('1');
    expect(by({ input: 1 }, { searchUnits: 3 })).toBeUndefined();
  });
});

/** An exact fraction of a dollar, computed in another way than the code does. */
const fraction = (price: number): { over: bigint; under: bigint } => {
  const [mantissa = '', exponent = '0'] = String(price).split('e');
  const [whole = '', rest = ''] = mantissa.split('.');
  const power = Number(exponent) - rest.length;
  const digits = BigInt(whole + rest);
  return power < 0
    ? { over: digits, under: 10n ** BigInt(-power) }
    : { over: digits * 10n ** BigInt(power), under: 1n };
};

describe('the arithmetic', () => {
  const count = fc.oneof(fc.integer({ min: 0, max: 5_000_000 }), fc.integer({ min: 0, max: 2 ** 44 }));
  const price = fc.oneof(
    fc.integer({ min: 0, max: 10_000_000 }).map((units) => Number(`${units}e-4`)),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
  );
  const counts = fc.record({
    uncached: count,
    audioIn: count,
    cacheRead: count,
    cacheWrite: count,
    cacheWrite1h: count,
    text: count,
    audioOut: count,
    reasoning: count,
    image: count,
  });
  const prices = fc.record({
    input: price,
    output: price,
    reasoning: price,
    cacheRead: price,
    cacheWrite: price,
    cacheWrite1h: price,
    inputAudio: price,
    outputAudio: price,
  });
  const KINDS = [
    ['uncached', 'input'],
    ['audioIn', 'inputAudio'],
    ['cacheRead', 'cacheRead'],
    ['cacheWrite', 'cacheWrite'],
    ['cacheWrite1h', 'cacheWrite1h'],
    ['text', 'output'],
    ['audioOut', 'outputAudio'],
    ['reasoning', 'reasoning'],
    ['image', 'output'],
  ] as const;

  it('is exactly tokens times price, to the last place, however large or small', () => {
    fc.assert(
      fc.property(counts, prices, (tokens, pricing) => {
        let [over, under] = [0n, 1n];
        for (const [kind, name] of KINDS) {
          const one = fraction(pricing[name]);
          over = over * one.under + BigInt(tokens[kind]) * one.over * under;
          under *= one.under;
        }
        under *= BigInt(M);
        const text = usd(pricing, tokens) ?? '';
        expect(text).toMatch(/^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/);
        const [whole = '', rest = ''] = text.split('.');
        expect(BigInt(whole + rest) * under).toBe(over * 10n ** BigInt(rest.length));
        expect(costs(pricing, tokens)?.usd).toBe(Number(text));
      }),
    );
  });

  it('never makes more tokens cheaper under one price list', () => {
    fc.assert(
      fc.property(counts, prices, count, (tokens, pricing, more) => {
        const before = costs(pricing, tokens)?.usd ?? Number.NaN;
        const after = costs(pricing, { ...tokens, text: tokens.text + more })?.usd ?? Number.NaN;
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});
