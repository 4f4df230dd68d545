import type { Pricing, TokenPricing } from '@headrace/core/plugin';
import { dollars, perMillion } from './decimal-price.js';
import { tokenPricingOf } from './live-token-prices.js';
import { fieldsOf, known, listOf, namedOf, textOf } from './loose-json.js';

type ImagePrice = NonNullable<Pricing['images']>[number];
type VideoSecondPrice = NonNullable<Pricing['perVideoSecond']>[number];
type VideoTokenPrice = NonNullable<Pricing['videoTokens']>[number];
type RegionalPricing = NonNullable<Pricing['regional']>[string];

const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

const priced = <T extends { readonly cost: number }>(
  list: unknown,
  read: (wire: Readonly<Record<string, unknown>>) => { readonly [K in keyof T]?: T[K] | undefined },
): readonly T[] | undefined => {
  const rows = listOf(list).flatMap((one): T[] => {
    const row = read(fieldsOf(one));
    return row.cost === undefined ? [] : [known<T>(row)];
  });
  return rows.length === 0 ? undefined : rows;
};

const imagesOf = (value: unknown): readonly ImagePrice[] | undefined =>
  priced<ImagePrice>(value, (wire) => ({
    size: textOf(wire['size']),
    quality: textOf(wire['quality']),
    style: textOf(wire['style']),
    operation: textOf(wire['operation']),
    cost: dollars(wire['cost']),
  }));

const videoSecondsOf = (value: unknown): readonly VideoSecondPrice[] | undefined =>
  priced<VideoSecondPrice>(value, (wire) => ({
    resolution: textOf(wire['resolution']),
    mode: textOf(wire['mode']),
    audio: flag(wire['audio']),
    voiceControl: flag(wire['voice_control']),
    cost: dollars(wire['cost_per_second']),
  }));

const videoTokensOf = (value: unknown): readonly VideoTokenPrice[] | undefined =>
  priced<VideoTokenPrice>(fieldsOf(value)['tiers'], (wire) => ({
    resolution: textOf(wire['resolution']),
    cost: dollars(fieldsOf(wire['no_video_input'])['cost_per_million_tokens']),
    costWithVideoInput: dollars(fieldsOf(wire['with_video_input'])['cost_per_million_tokens']),
  }));

const classOf = (value: unknown): TokenPricing | undefined => tokenPricingOf(fieldsOf(value));

const regionOf = (value: unknown): RegionalPricing | undefined => {
  const pricing = classOf(value);
  const fast = classOf(fieldsOf(value)['fast']);
  return pricing === undefined || fast === undefined ? pricing : { ...pricing, fast };
};

const toolCallsOf = (webSearch: unknown, mapsSearch: unknown): Pricing['perThousandToolCalls'] => {
  const prices = known<Record<string, number>>({ webSearch: dollars(webSearch), mapsSearch: dollars(mapsSearch) });
  return Object.keys(prices).length === 0 ? undefined : prices;
};

/**
 * Reads the `pricing` of an entry of `GET /v1/models`: decimal text per one of everything, in US dollars. What cannot be
 * read is left out. Undefined when there is no price.
 */
export const livePricingOf = (value: unknown): Pricing | undefined => {
  const wire = fieldsOf(value);
  const perMillionCharacters = perMillion(wire['speech_input_character_cost']);
  const perSecond =
    dollars(wire['transcription_duration_cost_per_second']) ??
    dollars(wire['realtime_session_duration_cost_per_second']);
  const { input, ...rest } = tokenPricingOf(wire) ?? {};
  // Speech and transcription repeat their own price as one of input tokens, of which nothing is billed.
  const isRepeated = perMillionCharacters !== undefined || (perSecond !== undefined && rest.output === undefined);
  const pricing = known<Pricing>({
    ...(input === undefined || isRepeated ? rest : { input, ...rest }),
    perImage: dollars(wire['image']),
    images: imagesOf(wire['image_dimension_quality_pricing']),
    perVideoSecond: videoSecondsOf(wire['video_duration_pricing']),
    videoTokens: videoTokensOf(wire['video_token_pricing']),
    perMillionCharacters,
    perSecond,
    perMessage: dollars(wire['realtime_client_message_cost']),
    perThousandToolCalls: toolCallsOf(wire['web_search'], wire['maps_search']),
    serviceTiers: namedOf(wire['service_tiers'], classOf),
    fast: classOf(wire['fast']),
    regional: namedOf(wire['regional'], regionOf),
    variesByProvider: wire['varies_by_provider'] === true ? true : undefined,
  });
  return Object.keys(pricing).length === 0 ? undefined : pricing;
};
