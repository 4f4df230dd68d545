import type { Cost, UpstreamAttempt } from '@headrace/core/plugin';
import { memberOf } from '@headrace/wire/provider';

const DECIMAL = /^\d+(?:\.\d+)?$/;

/** US dollars from a number, or from decimal text without an exponent. */
const dollarsOf = (value: unknown): number | undefined => {
  const usd = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof usd === 'number' && Number.isFinite(usd) && usd >= 0 ? usd : undefined;
};

/**
 * What an answer or a failure cost: what the usage said, completed from the routing record.
 * @param record `provider_metadata.gateway`, as it came.
 */
export const gatewayCost = (
  said: Cost | undefined,
  record: unknown,
  attempts: readonly UpstreamAttempt[] | undefined,
): Cost | undefined => {
  // The usage of the live service says it all.
  if (said?.marketUsd !== undefined && said.ownKey !== undefined) return said;
  const told = memberOf(record, 'cost');
  const usd = said?.usd ?? dollarsOf(told);
  if (usd === undefined) return undefined;
  const marketUsd = said?.marketUsd ?? dollarsOf(memberOf(record, 'marketCost'));
  const ownKey = said?.ownKey ?? attempts?.findLast(({ success }) => success)?.ownKey;
  return {
    usd,
    // Only where the record alone tells it: beside a number of the usage the text could be of another amount.
    ...(said === undefined && typeof told === 'string' ? { usdText: told } : {}),
    certainty: said?.certainty ?? 'exact',
    source: 'provider',
    ...(marketUsd === undefined ? {} : { marketUsd }),
    ...(ownKey === undefined ? {} : { ownKey }),
  };
};
