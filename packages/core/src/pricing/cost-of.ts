import { type ModelInfo, provenanceOf } from '../contract/model-info.js';
import type { Certainty, Cost, TokenUsage } from '../contract/usage.js';
import { decimalText } from './decimal.js';
import { pricesAt } from './prices-at.js';
import { tokenAmount } from './token-table.js';

/** Counted in part is a lower bound of the cost too; counted in full, the list price is still not the bill. */
const certaintyOf = (usage: TokenUsage): Certainty => (usage.certainty === 'at-least' ? 'at-least' : 'estimated');

/**
 * What a call costs by list price, for an upstream that does not say: exactly tokens times price. Cached input without
 * a price of its own counts as input, reasoning as output, audio as what it is part of. Undefined when a price that is
 * needed is not known: a guess would look like a fact.
 * @param epochMs when the call began, in ms since 1970: prices have dates.
 */
export const costOf = (
  model: ModelInfo | undefined,
  usage: TokenUsage | undefined,
  epochMs: number,
): Cost | undefined => {
  if (model?.pricing === undefined || usage === undefined) return undefined;
  const pricing = pricesAt(model.pricing, epochMs);
  const amount = pricing === undefined ? undefined : tokenAmount(pricing, usage);
  if (amount === undefined) return undefined;
  const usdText = decimalText(amount.digits, amount.places);
  return {
    usd: Number(usdText),
    usdText,
    certainty: certaintyOf(usage),
    source: 'catalogue',
    priceProvenance: provenanceOf(model, 'pricing'),
  };
};
