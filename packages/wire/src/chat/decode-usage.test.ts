import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeUsage } from './decode-usage.js';
import { encodeUsage } from './encode-usage.js';

const base = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };

describe('usage', () => {
  it('has parts for cache and reasoning', () => {
    expect(
      decodeUsage({
        ...base,
        prompt_tokens_details: { cached_tokens: 60 },
        cache_creation_input_tokens: 30,
        completion_tokens_details: { reasoning_tokens: 20, image_tokens: 10 },
      }).usage,
    ).toMatchObject({
      certainty: 'exact',
      input: { total: 100, uncached: 10, cacheRead: 60, cacheWrite: 30 },
      output: { total: 50, text: 20, reasoning: 20, image: 10 },
      totalTokens: 150,
    });
  });

  it('tells audio apart within what is neither cached nor anything else', () => {
    const usage = (audioIn: number, audioOut: number) =>
      decodeUsage({
        ...base,
        prompt_tokens_details: { cached_tokens: 60, audio_tokens: audioIn },
        completion_tokens_details: { reasoning_tokens: 20, audio_tokens: audioOut },
      }).usage;
    expect(usage(15, 25)).toMatchObject({ certainty: 'exact', input: { audio: 15 }, output: { audio: 25 } });
    expect(usage(70, 40)).toMatchObject({ certainty: 'exact', input: { audio: 40 }, output: { audio: 30 } });
    expect(usage(0, 0)?.input).not.toHaveProperty('audio');
    expect(usage(0, 0)?.output).not.toHaveProperty('audio');
  });

  it('takes reasoning that is counted beside the completion as part of the output', () => {
    expect(
      decodeUsage({ ...base, total_tokens: 190, completion_tokens_details: { reasoning_tokens: 40 } }).usage,
    ).toMatchObject({ certainty: 'exact', output: { total: 90, text: 50, reasoning: 40 }, totalTokens: 190 });
  });

  it.each([
    ['more cached than prompt tokens', { ...base, prompt_tokens_details: { cached_tokens: 500 } }],
    [
      'more cached and written than prompt tokens',
      { ...base, prompt_tokens_details: { cached_tokens: 80 }, cache_creation_input_tokens: 80 },
    ],
    ['more reasoning than completion tokens', { ...base, completion_tokens_details: { reasoning_tokens: 51 } }],
    ['a total that is no sum', { ...base, total_tokens: 151 }],
    ['a negative count', { ...base, prompt_tokens: -1 }],
    ['a fraction', { ...base, completion_tokens: 1.5 }],
    ['a count that is text', { ...base, completion_tokens: '50' }],
    ['no completion count', { prompt_tokens: 100, total_tokens: 150 }],
    ['a total only', { total_tokens: 150 }],
  ])('is an estimate with %s', (_name, raw) => {
    expect(decodeUsage(raw).usage).toMatchObject({ certainty: 'estimated', raw });
  });

  it('fills a missing count from the total', () => {
    expect(decodeUsage({ prompt_tokens: 100, total_tokens: 150 }).usage?.output.total).toBe(50);
    expect(decodeUsage({ completion_tokens: 50, total_tokens: 150 }).usage?.input.total).toBe(100);
  });

  it.each([[undefined], [null], [{}], ['x'], [[]], [{ cost: 'free' }]])('is absent for %j', (raw) => {
    expect(decodeUsage(raw)).toEqual({});
  });

  it.each([
    [0, 0],
    [0.5, 0.5],
    ['0.0000032', 0.0000032],
  ])('reads the cost %j as exact, from the provider', (cost, usd) => {
    expect(decodeUsage({ ...base, cost }).cost).toEqual({ usd, certainty: 'exact', source: 'provider' });
  });

  it('reads the price of the market and whose key it was beside the cost', () => {
    const free = decodeUsage({ ...base, cost: 0, market_cost: '0.25', is_byok: true });
    expect(free.cost).toEqual({ usd: 0, certainty: 'exact', source: 'provider', marketUsd: 0.25, ownKey: true });
    expect(decodeUsage({ ...base, market_cost: 1, is_byok: true })).not.toHaveProperty('cost');
    const odd = decodeUsage({ ...base, cost: 1, market_cost: 'x', is_byok: 'no' });
    expect(odd.cost).toEqual({ usd: 1, certainty: 'exact', source: 'provider' });
  });

  it.each([[-1], [null], [''], ['x'], [{}]])('has no cost for %j', (cost) => {
    expect(decodeUsage({ ...base, cost })).not.toHaveProperty('cost');
  });

  it('always has parts that sum to totals, whatever the upstream counts', () => {
    const count = fc.oneof(fc.nat(1000), fc.jsonValue(), fc.double(), fc.maxSafeInteger());
    const arbitrary = fc.record(
      {
        prompt_tokens: count,
        completion_tokens: count,
        total_tokens: count,
        cache_creation_input_tokens: count,
        prompt_tokens_details: fc.record({ cached_tokens: count, audio_tokens: count }, { requiredKeys: [] }),
        completion_tokens_details: fc.record(
          { reasoning_tokens: count, image_tokens: count, audio_tokens: count },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(arbitrary, (raw) => {
        const { usage } = decodeUsage(raw);
        if (usage === undefined) return;
        const { input, output } = usage;
        const parts = [input.uncached, input.cacheRead, input.cacheWrite, output.text, output.reasoning, output.image];
        expect(parts.every((part) => Number.isFinite(part) && part >= 0)).toBe(true);
        expect(input.uncached + input.cacheRead + input.cacheWrite).toBe(input.total);
        expect(output.text + output.reasoning + output.image).toBe(output.total);
        expect(usage.totalTokens).toBe(input.total + output.total);
        for (const [audio = 0, of] of [
          [input.audio, input.uncached],
          [output.audio, output.text],
        ])
          expect(audio >= 0 && audio <= (of ?? 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('survives being written and read again', () => {
    const parts = fc.tuple(fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), fc.nat(1e6));
    fc.assert(
      fc.property(
        parts,
        fc.double({ min: 0, max: 100, noNaN: true }),
        ([uncached, cacheRead, cacheWrite, text, reasoning, image], usd) => {
          const input = { total: uncached + cacheRead + cacheWrite, uncached, cacheRead, cacheWrite };
          const output = { total: text + reasoning + image, text, reasoning, image };
          const audio = { input: { ...input, audio: uncached }, output: { ...output, audio: text } };
          const spoken = uncached > 0 && text > 0 && usd > 25;
          const usage = {
            certainty: 'exact' as const,
            ...(spoken ? audio : { input, output }),
            totalTokens: input.total + output.total,
          };
          const cost = { usd, certainty: 'exact', source: 'provider', marketUsd: usd * 2, ownKey: usd > 50 } as const;
          const again = decodeUsage(JSON.parse(JSON.stringify(encodeUsage(usage, cost))));
          expect(again.cost).toEqual(cost);
          expect({ ...again.usage, raw: undefined }).toEqual({ ...usage, raw: undefined });
        },
      ),
    );
  });
});
