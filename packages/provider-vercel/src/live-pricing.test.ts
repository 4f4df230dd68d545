import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { livePricingOf } from './live-pricing.js';

describe('a price list of the gateway', () => {
  it('is taken per million tokens, audio included', () => {
    expect(
      livePricingOf({
        input: '0.000004',
        output: '0.000016',
        input_cache_read: '0.0000004',
        input_cache_write: '0.000005',
        audio_input_token_cost: '0.000032',
        audio_output_token_cost: '0.000064',
      }),
    ).toEqual({ input: 4, output: 16, cacheRead: 0.4, cacheWrite: 5, inputAudio: 32, outputAudio: 64 });
  });

  it('has tiers of all prices together, from the first token of each step on', () => {
    const steps = (low: string, high: string) => [
      { cost: low, min: 0, max: 200_001 },
      { cost: high, min: 200_001 },
    ];
    expect(
      livePricingOf({
        input: '0.000003',
        output: '0.000015',
        input_tiers: steps('0.000003', '0.000006'),
        output_tiers: steps('0.000015', '0.0000225'),
        input_cache_read: '0.0000003',
      }),
    ).toEqual({
      input: 3,
      output: 15,
      cacheRead: 0.3,
      tiers: [{ aboveInputTokens: 200_000, input: 6, output: 22.5, cacheRead: 0.3 }],
    });
  });

  it('is read with steps out of order, without a first bound, and with none but steps', () => {
    expect(
      livePricingOf({
        input_tiers: [
          { cost: '0.000004', min: 272_000 },
          { cost: '0.000002', max: 272_000 },
        ],
      }),
    ).toEqual({ input: 2, tiers: [{ aboveInputTokens: 271_999, input: 4 }] });
  });

  it('keeps classes of service, speed and region apart', () => {
    expect(
      livePricingOf({
        input: '0.000001',
        service_tiers: {
          priority: { input: '0.000002', output: '0.00001', long_context: { threshold: 200_001, input: '0.000004' } },
          flex: { input: '0.0000005' },
        },
        fast: { input: '0.000006', output: '0.00003' },
        regional: { eu: { input: '0.0000011', fast: { input: '0.0000066' } }, us: {} },
        varies_by_provider: true,
      }),
    ).toEqual({
      input: 1,
      serviceTiers: {
        priority: { input: 2, output: 10, tiers: [{ aboveInputTokens: 200_000, input: 4, output: 10 }] },
        flex: { input: 0.5 },
      },
      fast: { input: 6, output: 30 },
      regional: { eu: { input: 1.1, fast: { input: 6.6 } } },
      variesByProvider: true,
    });
  });

  it('knows what is billed when it is not tokens', () => {
    expect(
      livePricingOf({ image: '0.04', image_dimension_quality_pricing: [{ style: 'vector', cost: '0.08' }] }),
    ).toEqual({ perImage: 0.04, images: [{ style: 'vector', cost: 0.08 }] });
    expect(
      livePricingOf({
        video_duration_pricing: [
          { mode: 'pro', audio: true, voice_control: true, cost_per_second: '0.392' },
          { resolution: '1080p' },
        ],
      }),
    ).toEqual({ perVideoSecond: [{ mode: 'pro', audio: true, voiceControl: true, cost: 0.392 }] });
    expect(
      livePricingOf({
        video_token_pricing: {
          tiers: [
            {
              resolution: '480p',
              no_video_input: { cost_per_million_tokens: '7' },
              with_video_input: { cost_per_million_tokens: '4.3' },
            },
          ],
          notes: 'Tokens of input and output.',
        },
      }),
    ).toEqual({ videoTokens: [{ resolution: '480p', cost: 7, costWithVideoInput: 4.3 }] });
    expect(
      livePricingOf({ realtime_client_message_cost: '0.004', realtime_session_duration_cost_per_second: '0.000834' }),
    ).toEqual({ perMessage: 0.004, perSecond: 0.000834 });
    expect(livePricingOf({ web_search: '10', maps_search: '25' })).toEqual({
      perThousandToolCalls: { webSearch: 10, mapsSearch: 25 },
    });
  });

  it('does not take the price of a character or a second for one of tokens as well', () => {
    expect(livePricingOf({ input: '0.000015', speech_input_character_cost: '0.000015' })).toEqual({
      perMillionCharacters: 15,
    });
    expect(livePricingOf({ input: '0.0000000001', transcription_duration_cost_per_second: '0.0001' })).toEqual({
      perSecond: 0.0001,
    });
  });

  it.each([
    undefined,
    null,
    {},
    [],
    'free',
    5,
    { input: null },
    { input: 5 },
    { input: 'x', tiers: 3 },
    { input_tiers: [{}] },
  ])('is absent in %j', (pricing) => {
    expect(livePricingOf(pricing)).toBeUndefined();
  });

  it('has no names that are not names', () => {
    const pricing = livePricingOf(
      JSON.parse(
        '{"regional":{"__proto__":{"input":"1"},"a b":{"input":"1"},"":{"input":"1"},"eu":{"input":"0.000001"}}}',
      ),
    );
    expect(pricing).toEqual({ regional: { eu: { input: 1 } } });
    expect(Object.getPrototypeOf(pricing?.regional)).toBe(Object.prototype);
  });

  it('survives whatever is sent in its place, and is never negative or no number', () => {
    const leaf = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('-1', '0.1', '1e400', 'NaN', '9'.repeat(400)));
    const steps = fc.array(fc.record({ cost: leaf, min: leaf, max: leaf }, { requiredKeys: [] }), { maxLength: 4 });
    const tokens = fc.record(
      { input: leaf, output: leaf, input_tiers: fc.oneof(leaf, steps), output_tiers: steps, long_context: leaf },
      { requiredKeys: [] },
    );
    const anything = fc.record(
      {
        input: leaf,
        input_tiers: steps,
        image: leaf,
        image_dimension_quality_pricing: fc.oneof(leaf, fc.array(leaf)),
        video_duration_pricing: leaf,
        video_token_pricing: leaf,
        service_tiers: fc.oneof(leaf, fc.dictionary(fc.string(), tokens)),
        regional: fc.oneof(leaf, fc.dictionary(fc.string(), tokens)),
        fast: tokens,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anything, (pricing) => {
        const numbers = (value: unknown): readonly number[] =>
          typeof value === 'number'
            ? [value]
            : typeof value === 'object' && value !== null
              ? Object.values(value).flatMap(numbers)
              : [];
        for (const one of numbers(livePricingOf(pricing))) expect(one >= 0 && Number.isFinite(one)).toBe(true);
      }),
    );
  });
});
