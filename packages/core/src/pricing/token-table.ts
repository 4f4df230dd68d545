import type { TokenPrices, TokenPricing } from '../contract/pricing.js';
import { type Decimal, decimalOf, digitsAt } from './decimal.js';

/** A price as a whole number of the table's smallest amount. */
export interface Rate {
  readonly exact: bigint;
  /** The same as a floating number; inexact above 2^53. */
  readonly fast: number;
}

/** The prices of requests of one size. A price that is not known is absent. */
interface Step {
  readonly aboveInputTokens: number;
  /** In the order of `pricesOf`. */
  readonly rates: readonly (Rate | undefined)[];
  /** The dearest kind of input, and of output without images; absent where one of them is not known. */
  readonly dearestInput: Rate | undefined;
  readonly dearestOutput: Rate | undefined;
}

/** The prices of one list by token, made ready for arithmetic: amounts are whole numbers of 10^-`places` dollars. */
interface TokenTable {
  readonly places: number;
  /** Ascending; the first is for every size. */
  readonly steps: readonly Step[];
}

/** Prices are per million tokens. */
const MILLION_PLACES = 6;

/** Where the price of plain input stands among the rates, of plain output, and of images. */
export const INPUT = 0;
export const OUTPUT = 5;
const IMAGE = 8;

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

const dearestOf = (rates: readonly (Rate | undefined)[]): Rate | undefined => {
  let dearest: Rate | undefined;
  for (const rate of rates) {
    if (rate === undefined) return undefined;
    if (dearest === undefined || rate.exact > dearest.exact) dearest = rate;
  }
  return dearest;
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
  const steps = lists.map(({ aboveInputTokens }, index): Step => {
    const rates = (decimals[index] ?? []).map(rateOf);
    const dearestInput = dearestOf(rates.slice(INPUT, OUTPUT));
    return { aboveInputTokens, rates, dearestInput, dearestOutput: dearestOf(rates.slice(OUTPUT, IMAGE)) };
  });
  return { places: places + MILLION_PLACES, steps };
};

const tables = new WeakMap<TokenPricing, TokenTable>();

/** Price lists are never changed, and calls are many. */
export const tableFor = (pricing: TokenPricing): TokenTable => {
  let table = tables.get(pricing);
  if (table === undefined) tables.set(pricing, (table = tableOf(pricing)));
  return table;
};

/** The prices of a request with that much input. */
export const stepFor = ({ steps }: TokenTable, inputTokens: number): Step | undefined => {
  let at = steps.length - 1;
  while (at > 0 && inputTokens <= (steps[at]?.aboveInputTokens ?? 0)) at -= 1;
  return steps[at];
};
