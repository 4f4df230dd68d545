import type { Cost } from '../contract/usage.js';
import type { Writable } from '../schema/writable.js';
import { leastSure } from './certainty.js';
import { decimalOf, decimalText, sumOfDecimals } from './decimal.js';

/** The exact sum as decimal text; undefined when one of them is no amount. */
const sumText = (one: string | number, other: string | number): string | undefined => {
  const [first, second] = [decimalOf(one), decimalOf(other)];
  if (first === undefined || second === undefined) return undefined;
  const { digits, places } = sumOfDecimals(first, second);
  return decimalText(digits, places);
};

/** One key of the caller's own is one that was used; that none was used is sure only where both say so. */
const ownKeyOf = (one: Cost, other: Cost): boolean | undefined => {
  if (one.ownKey === true || other.ownKey === true) return true;
  return one.ownKey === other.ownKey ? one.ownKey : undefined;
};

/** Both costs as one, no surer than the less sure of them. The market's price stays only where both have one. */
export const sumOfCosts = (one: Cost, other: Cost): Cost => {
  const usdText = sumText(one.usdText ?? one.usd, other.usdText ?? other.usd);
  const sum: Writable<Cost> = {
    usd: usdText === undefined ? one.usd + other.usd : Number(usdText),
    certainty: leastSure(one.certainty, other.certainty),
    source: one.source === other.source ? one.source : 'catalogue',
  };
  if (usdText !== undefined) sum.usdText = usdText;
  const priceProvenance = one.priceProvenance ?? other.priceProvenance;
  if (priceProvenance !== undefined) sum.priceProvenance = priceProvenance;
  if (one.marketUsd !== undefined && other.marketUsd !== undefined)
    sum.marketUsd = Number(sumText(one.marketUsd, other.marketUsd) ?? one.marketUsd + other.marketUsd);
  const ownKey = ownKeyOf(one, other);
  if (ownKey !== undefined) sum.ownKey = ownKey;
  return sum;
};
