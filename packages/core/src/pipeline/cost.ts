import type { Pricing, TokenPrices } from '../contract/model-info.js';
import type { Cost, TokenUsage } from '../contract/usage.js';

/** The prices that hold for a request of this input size: a tier covers the whole request. */
const pricesFor = (pricing: Pricing, inputTokens: number): TokenPrices => {
  let prices: TokenPrices = pricing;
  for (const tier of pricing.tiers ?? []) if (inputTokens > tier.aboveInputTokens) prices = { ...prices, ...tier };
  return prices;
};

/**
 * What a call costs by list price, for an upstream that does not say. Undefined when a price that is needed is not
 * known: a guess would look like a fact.
 */
export const costOf = (pricing: Pricing | undefined, usage: TokenUsage | undefined): Cost | undefined => {
  if (pricing === undefined || usage === undefined) return undefined;
  const prices = pricesFor(pricing, usage.input.total);
  const { uncached, cacheRead, cacheWrite } = usage.input;
  const { text, reasoning, image } = usage.output;
  const lines: readonly (readonly [tokens: number, price: number | undefined])[] = [
    [uncached, prices.input],
    [cacheRead, prices.cacheRead],
    [cacheWrite, prices.cacheWrite],
    [text + image, prices.output],
    [reasoning, prices.reasoning ?? prices.output],
  ];
  let perMillion = 0;
  for (const [tokens, price] of lines) {
    if (tokens === 0) continue;
    if (price === undefined) return undefined;
    perMillion += tokens * price;
  }
  return { usd: perMillion / 1_000_000, certainty: 'estimated', source: 'catalogue' };
};

/** Less sure is told first. */
const CERTAINTIES: readonly Cost['certainty'][] = ['at-least', 'estimated', 'exact'];

/** Both costs as one, no surer than the less sure of them. The market's price stays only where both have one. */
export const sumOf = (one: Cost, other: Cost): Cost => {
  const usd = one.usd + other.usd;
  const certainty = CERTAINTIES.find((name) => name === one.certainty || name === other.certainty) ?? 'at-least';
  const source = one.source === other.source ? one.source : 'catalogue';
  const marketUsd =
    one.marketUsd === undefined || other.marketUsd === undefined ? undefined : one.marketUsd + other.marketUsd;
  return { usd, certainty, source, ...(marketUsd === undefined ? {} : { marketUsd }) };
};
