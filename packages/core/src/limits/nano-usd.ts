import type { Cost } from '../contract/usage.js';
import { decimalOf } from '../pricing/decimal.js';

const PLACES = 9;

/** Two decimal texts of up to fifteen digits never have the same nearest number. */
const EXACT = 1e15;
const SHORT_TEXT = /^(?=.{1,16}$)\d{1,15}(?:\.\d{1,14})?$/;
/** Parts of a billionth: amounts are seldom finer. */
const FINER = [1, 1e3, 1e6] as const;

/** As `nanoUsdOf`, for most amounts; undefined for the others. */
const quickly = (usd: number): number | undefined => {
  for (const unit of FINER) {
    const whole = Math.round(usd * 1e9 * unit);
    if (whole >= EXACT || whole < 0) return undefined;
    // The amount has this many places, and no more: what is nearest to it is the number itself.
    if (whole / (1e9 * unit) === usd) return (whole - (whole % unit)) / unit + Math.sign(whole % unit);
  }
  return undefined;
};

/**
 * Money as a whole number of billionths of a dollar, rounded up: sums of them are exact, and what is kept is never less
 * than what was spent. Undefined for what is no amount.
 */
export const nanoUsdOf = (usd: number | string): number | undefined => {
  const quick = typeof usd === 'number' || SHORT_TEXT.test(usd) ? quickly(Number(usd)) : undefined;
  if (quick !== undefined) return quick;
  const decimal = decimalOf(usd);
  if (decimal === undefined) return undefined;
  const { digits, places } = decimal;
  if (places <= PLACES) return Number(digits * 10n ** BigInt(PLACES - places));
  const unit = 10n ** BigInt(places - PLACES);
  return Number((digits + unit - 1n) / unit);
};

/** As `nanoUsdOf`, of what a call cost: a text of up to fifteen digits says no more than the number beside it. */
export const nanoUsdOfCost = ({ usd, usdText }: Pick<Cost, 'usd' | 'usdText'>): number | undefined =>
  nanoUsdOf(usdText === undefined || usdText.length <= 15 ? usd : usdText);

/** The number of dollars nearest to it. */
export const usdOf = (nanoUsd: number): number => nanoUsd / 1e9;
