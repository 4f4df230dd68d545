import { type ModelInfo, provenanceOf } from '../contract/model-info.js';
import type { Pricing } from '../contract/pricing.js';
import type { BillableUnits, Cost, TokenUsage } from '../contract/usage.js';
import { decimalText, nearestNumber, sumOfDecimals } from './decimal.js';
import { pricesAt } from './prices-at.js';
import { type Amount, tokenAmount } from './token-amount.js';
import { billsTokens, billsUnits, unitAmount, withoutImages } from './unit-amount.js';

/** Tokens and pieces together, for the few lists that bill pieces. */
const wholeAmount = (
  pricing: Pricing,
  usage: TokenUsage | undefined,
  units: BillableUnits | undefined,
): Amount | undefined => {
  const pieces = unitAmount(pricing, usage, units);
  if (pieces === undefined || usage === undefined || !billsTokens(pricing)) return pieces;
  const tokens = tokenAmount(pricing, withoutImages(pricing, usage));
  if (tokens === undefined) return undefined;
  return sumOfDecimals(pieces, { digits: BigInt(tokens.digits), places: tokens.places });
};

/**
 * What a call costs by list price, for an upstream that does not say: exactly tokens times price, and pieces times
 * theirs. Cached input without a price of its own counts as input, reasoning as output, audio as what it is part of;
 * images with a price of their own are not billed by token. Undefined when a price or a count that is needed is not
 * known: a guess would look like a fact.
 * @param epochMs when the call began, in ms since 1970: prices have dates.
 */
export const costOf = (
  model: ModelInfo | undefined,
  usage: TokenUsage | undefined,
  epochMs: number,
  units?: BillableUnits,
): Cost | undefined => {
  if (model?.pricing === undefined || (usage === undefined && units === undefined)) return undefined;
  const pricing = pricesAt(model.pricing, epochMs);
  if (pricing === undefined) return undefined;
  const hasPieces = billsUnits(pricing);
  const amount = hasPieces
    ? wholeAmount(pricing, usage, units)
    : usage === undefined
      ? undefined
      : tokenAmount(pricing, usage);
  if (amount === undefined) return undefined;
  const usdText = decimalText(amount.digits, amount.places);
  // Counted in part is a lower bound of the cost too; counted in full, the list price is still not the bill.
  const isPart = usage === undefined ? billsTokens(pricing) : usage.certainty === 'at-least';
  return {
    usd: nearestNumber(amount.digits, amount.places),
    usdText,
    certainty: isPart ? 'at-least' : 'estimated',
    source: 'catalogue',
    priceProvenance: provenanceOf(model, 'pricing'),
  };
};
