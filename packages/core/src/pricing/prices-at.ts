import type { Pricing } from '../contract/pricing.js';

const DAY_MS = 86_400_000;

/** When the prices end, in ms since 1970; never for a day that is none. */
const endOf = (until: string): number => {
  const day = Date.parse(`${until}T00:00:00.000Z`);
  return Number.isNaN(day) ? Number.POSITIVE_INFINITY : day + DAY_MS;
};

/**
 * The prices in force at a time: a launch price gives way to the one after it when its last day, in UTC, is over.
 * @param epochMs ms since 1970.
 * @returns undefined when they have ended and nobody said what came after.
 */
export const pricesAt = (pricing: Pricing, epochMs: number): Pricing | undefined => {
  let current: Pricing | undefined = pricing;
  while (current?.until !== undefined && epochMs >= endOf(current.until)) current = current.next;
  return current;
};
