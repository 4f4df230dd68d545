import type { SeedPricing } from './catalogue-seed.js';
import { decimal, shift, toText } from './decimal.js';

const MILLION = -6;

const plain = (value: number): string => toText(decimal(value));
/** The price of one token, or whatever is sold by the million, as decimal text without exponent. */
export const perUnit = (perMillion: number): string => toText(shift(decimal(perMillion), MILLION));

const TOKEN_KEYS = [
  ['input', 'input'],
  ['output', 'output'],
  ['cacheRead', 'input_cache_read'],
  ['cacheWrite', 'input_cache_write'],
] as const;

function tiersOf(pricing: SeedPricing, key: (typeof TOKEN_KEYS)[number][0]): readonly object[] | undefined {
  const first = pricing[key];
  if (first === undefined || pricing.tiers === undefined) return undefined;
  const steps = pricing.tiers.flatMap((tier) => {
    const cost = tier[key];
    return cost === undefined ? [] : [{ cost, min: tier.aboveInputTokens + 1 }];
  });
  return [{ cost: first, min: 0 }, ...steps].map(({ cost, min }, index) => {
    const next = steps[index];
    return { cost: perUnit(cost), min, ...(next === undefined ? {} : { max: next.min }) };
  });
}

/** The `pricing` object of the list route: decimal strings in USD, token prices per single token. */
export function wirePricing(pricing: SeedPricing | undefined): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  if (pricing === undefined) return wire;
  for (const [key, name] of TOKEN_KEYS) {
    const price = pricing[key];
    if (price !== undefined) wire[name] = perUnit(price);
  }
  for (const [key, name] of TOKEN_KEYS) {
    const tiers = tiersOf(pricing, key);
    if (tiers !== undefined && tiers.length > 1) wire[`${name}_tiers`] = tiers;
  }
  if (pricing.inputAudio !== undefined) wire['audio_input_token_cost'] = perUnit(pricing.inputAudio);
  if (pricing.outputAudio !== undefined) wire['audio_output_token_cost'] = perUnit(pricing.outputAudio);
  if (pricing.perImage !== undefined) wire['image'] = plain(pricing.perImage);
  if (pricing.images !== undefined) {
    wire['image_dimension_quality_pricing'] = pricing.images.map(({ cost, ...rest }) => ({
      ...rest,
      cost: plain(cost),
    }));
  }
  if (pricing.perVideoSecond !== undefined) {
    wire['video_duration_pricing'] = pricing.perVideoSecond.map(({ cost, voiceControl, ...rest }) => ({
      ...rest,
      ...(voiceControl === undefined ? {} : { voice_control: voiceControl }),
      cost_per_second: plain(cost),
    }));
  }
  if (pricing.videoTokens !== undefined) {
    wire['video_token_pricing'] = {
      tiers: pricing.videoTokens.map(({ cost, costWithVideoInput, ...rest }) => ({
        ...rest,
        no_video_input: { cost_per_million_tokens: plain(cost) },
        ...(costWithVideoInput === undefined
          ? {}
          : { with_video_input: { cost_per_million_tokens: plain(costWithVideoInput) } }),
      })),
    };
  }
  if (pricing.perMillionCharacters !== undefined) {
    wire['speech_input_character_cost'] = perUnit(pricing.perMillionCharacters);
  }
  if (pricing.perSecond !== undefined) wire['transcription_duration_cost_per_second'] = plain(pricing.perSecond);
  if (pricing.perMessage !== undefined) wire['realtime_client_message_cost'] = plain(pricing.perMessage);
  return wire;
}
