import { type ModelInfo, type Provenance, provenanceOf } from '../contract/model-info.js';
import type { Pricing } from '../contract/pricing.js';
import type { BillableUnits } from '../contract/usage.js';
import { nearestNumber, sumOfDecimals } from '../pricing/decimal.js';
import { pricesAt } from '../pricing/prices-at.js';
import { dearestAmount, plainAmount } from '../pricing/token-amount.js';
import { billsOnlyImages, billsTokens, billsUnits, unitAmount } from '../pricing/unit-amount.js';
import type { TokenEstimate } from './estimate-tokens.js';

/** What a request costs by list price before it is sent. What cannot be told is absent, never zero. */
export interface CostEstimate {
  /** US dollars for the guesses at input and output. */
  readonly expectedUsd?: number;
  /**
   * US dollars, at the dearest that the list has for input and output of up to the upper bounds: prompt caches
   * written, thinking, audio. Absent where the output has no bound. Another class of service, region or host, and tools
   * that the upstream runs, may cost more.
   */
  readonly atMostUsd?: number;
  /** Where the prices are from. */
  readonly priceProvenance?: Provenance;
}

/** Whatever is drawn is counted by the image. */
const NO_IMAGE_TOKENS = { output: { image: 0 } } as const;

type Sizing = typeof plainAmount;

/** Tokens, and pieces where the list has prices for any. */
const usdOf = (
  pricing: Pricing,
  tokensOf: Sizing,
  input: number,
  output: number,
  units: BillableUnits | undefined,
): number | undefined => {
  if (!billsUnits(pricing)) {
    const amount = tokensOf(pricing, input, output);
    return amount === undefined ? undefined : nearestNumber(amount.digits, amount.places);
  }
  let sum = unitAmount(pricing, NO_IMAGE_TOKENS, units);
  if (sum !== undefined && billsTokens(pricing)) {
    const tokens = tokensOf(pricing, input, billsOnlyImages(pricing) ? 0 : output);
    sum = tokens && sumOfDecimals(sum, { digits: BigInt(tokens.digits), places: tokens.places });
  }
  return sum === undefined ? undefined : nearestNumber(sum.digits, sum.places);
};

/** Searches are counted by the length of documents too, and pictures as the upstream likes unless their number was asked. */
const isBounded = (pricing: Pricing, units: BillableUnits | undefined): boolean =>
  !billsUnits(pricing) || (units?.images !== undefined && pricing.perThousandSearchUnits === undefined);

const isMostKnown = (pricing: Pricing, { outputAtMost, units }: TokenEstimate): boolean => {
  const isDrawn = units?.images !== undefined && pricing.output === undefined;
  return isBounded(pricing, units) && (outputAtMost !== undefined || isDrawn);
};

/**
 * The price of an estimate by the model's price list.
 * @param atEpochMs when the call would begin, in ms since 1970: prices have dates.
 */
export const estimateCost = (info: ModelInfo | undefined, estimate: TokenEstimate, atEpochMs: number): CostEstimate => {
  const pricing = info?.pricing === undefined ? undefined : pricesAt(info.pricing, atEpochMs);
  if (info === undefined || pricing === undefined) return {};
  const { inputTokens, outputTokens, inputAtMost, outputAtMost = 0, units } = estimate;
  const expectedUsd = usdOf(pricing, plainAmount, inputTokens, outputTokens, units);
  if (expectedUsd === undefined) return {};
  const priceProvenance = provenanceOf(info, 'pricing');
  const most = isMostKnown(pricing, estimate)
    ? usdOf(pricing, dearestAmount, inputAtMost, outputAtMost, units)
    : undefined;
  if (most === undefined) return { expectedUsd, priceProvenance };
  return { expectedUsd, atMostUsd: Math.max(most, expectedUsd), priceProvenance };
};
