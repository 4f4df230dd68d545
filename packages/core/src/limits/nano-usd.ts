import { decimalOf } from '../pricing/decimal.js';

const PLACES = 9;

/**
 * Money as a whole number of billionths of a dollar, rounded up: sums of them are exact, and what is kept is never less
 * than what was spent. Undefined for what is no amount.
 */
export const nanoUsdOf = (usd: number | string): number | undefined => {
  const decimal = decimalOf(usd);
  if (decimal === undefined) return undefined;
  const { digits, places } = decimal;
  if (places <= PLACES) return Number(digits * 10n ** BigInt(PLACES - places));
  const unit = 10n ** BigInt(places - PLACES);
  return Number((digits + unit - 1n) / unit);
};

/** The number of dollars nearest to it. */
export const usdOf = (nanoUsd: number): number => nanoUsd / 10 ** PLACES;
