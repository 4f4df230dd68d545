import type { ModelInfo, Pricing, TokenPrices } from '@headrace/core/plugin';
import { lazySeed, type SeedModel } from '@headrace/wire/provider';
import { familyOf } from './model-families.js';
import { shippedFile } from './shipped-data.js';

/** The shipped list of Anthropic's models, read at first use. */
export const anthropicSeed = lazySeed(shippedFile('anthropic-models.json'));

/**
 * What is kept for an hour costs twice the input, whatever the model.
 * Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing
 */
const withHour = <T extends TokenPrices>(prices: T): T =>
  prices.input === undefined ? prices : { ...prices, cacheWrite1h: prices.input * 2 };

type Modes = Readonly<Record<string, TokenPrices & { readonly request: unknown }>>;

/** The prices of the list in the contract's form. */
const pricingOf = (model: SeedModel | undefined): Pricing | undefined => {
  if (model?.pricing === undefined) return undefined;
  const { modes, tiers, ...prices } = model.pricing as Pricing & { readonly modes?: Modes };
  const { request: _, ...fast } = modes?.['fast'] ?? { request: undefined };
  return {
    ...withHour(prices),
    ...(tiers === undefined ? {} : { tiers: tiers.map(withHour) }),
    ...(modes?.['fast'] === undefined ? {} : { fast: withHour(fast) }),
  };
};

/** Facts beyond the list: prices by the hour, and what the documentation says of the model's line. */
export const moreFacts = (modelId: string): Partial<ModelInfo> => {
  const family = familyOf(modelId);
  const pricing = pricingOf(anthropicSeed().models.get(modelId));
  return {
    ...(pricing === undefined ? {} : { pricing }),
    ...(family === undefined ? {} : { capabilities: { structuredOutput: family.structuredOutput } }),
  };
};
