import type { TokenPrices, TokenPricing } from '../contract/pricing.js';
import type { TokenUsage } from '../contract/usage.js';
import { type Decimal, decimalOf, digitsAt } from './decimal.js';

/** A price as a whole number of the table's smallest amount. */
interface Rate {
  readonly exact: bigint;
  /** The same as a floating number; inexact above 2^53. */
  readonly fast: number;
}

interface Step {
  readonly aboveInputTokens: number;
  /** In the order of `partsOf`. */
  readonly rates: readonly (Rate | undefined)[];
}

/** The prices of one list by token, made ready for arithmetic: amounts are whole numbers of 10^-`places` dollars. */
interface TokenTable {
  readonly places: number;
  /** Ascending; the first is for every size. */
  readonly steps: readonly Step[];
}

/** Prices are per million tokens. */
const MILLION_PLACES = 6;

/** Each part of a usage with a price of its own; together they are all tokens of the call. */
const partsOf = ({ input, output }: TokenUsage): readonly number[] => {
  const [audioIn, audioOut, forHour] = [input.audio ?? 0, output.audio ?? 0, input.cacheWrite1h ?? 0];
  return [
    input.uncached - audioIn,
    audioIn,
    input.cacheRead,
    input.cacheWrite - forHour,
    forHour,
    output.text - audioOut,
    audioOut,
    output.reasoning,
    output.image,
  ];
};

/** The price of each part, with what stands in for a price that the list does not have. */
const pricesOf = (prices: TokenPrices): readonly (number | undefined)[] => {
  const { input, output } = prices;
  return [
    input,
    prices.inputAudio ?? input,
    prices.cacheRead ?? input,
    prices.cacheWrite ?? input,
    prices.cacheWrite1h ?? prices.cacheWrite ?? input,
    output,
    prices.outputAudio ?? output,
    prices.reasoning ?? output,
    output,
  ];
};

const tableOf = (pricing: TokenPricing): TokenTable => {
  let prices: TokenPrices = pricing;
  const lists = [{ aboveInputTokens: -1, prices: pricesOf(pricing) }];
  for (const tier of pricing.tiers ?? []) {
    prices = { ...prices, ...tier };
    lists.push({ aboveInputTokens: tier.aboveInputTokens, prices: pricesOf(prices) });
  }
  const decimals = lists.map((list) => list.prices.map((price) => (price === undefined ? price : decimalOf(price))));
  const places = Math.max(0, ...decimals.flat().map((decimal) => decimal?.places ?? 0));
  const rateOf = (decimal: Decimal | undefined): Rate | undefined => {
    if (decimal === undefined) return undefined;
    const exact = digitsAt(decimal, places);
    return { exact, fast: Number(exact) };
  };
  const steps = lists.map(({ aboveInputTokens }, index) => ({
    aboveInputTokens,
    rates: (decimals[index] ?? []).map(rateOf),
  }));
  return { places: places + MILLION_PLACES, steps };
};

const tables = new WeakMap<TokenPricing, TokenTable>();

/** What the tokens cost: `digits / 10^places` dollars. */
export interface Amount {
  readonly digits: number | bigint;
  readonly places: number;
}

/**
 * All tokens at the prices of the tier that the whole input falls in. Undefined when a price that is needed is not
 * known, or a count is none.
 */
export const tokenAmount = (pricing: TokenPricing, usage: TokenUsage): Amount | undefined => {
  let table = tables.get(pricing);
  // Price lists are never changed, and calls are many.
  if (table === undefined) tables.set(pricing, (table = tableOf(pricing)));
  const { steps, places } = table;
  let at = steps.length - 1;
  while (at > 0 && usage.input.total <= (steps[at]?.aboveInputTokens ?? 0)) at -= 1;
  const rates = steps[at]?.rates ?? [];
  const parts = partsOf(usage);
  let sum = 0;
  for (const [index, tokens] of parts.entries()) {
    if (tokens === 0) continue;
    const rate = rates[index];
    if (rate === undefined || tokens < 0 || !Number.isSafeInteger(tokens)) return undefined;
    sum += tokens * rate.fast;
  }
  // No term is negative, so a sum within the exact range means that every step to it was exact.
  if (Number.isSafeInteger(sum)) return { digits: sum, places };
  let exact = 0n;
  for (const [index, tokens] of parts.entries()) exact += BigInt(tokens) * (rates[index]?.exact ?? 0n);
  return { digits: exact, places };
};
