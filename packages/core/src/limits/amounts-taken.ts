import type { Receipt } from '../pipeline/receipt.js';
import type { CallEstimate } from './call-estimate.js';
import { leastTaken } from './least-taken.js';
import type { Limit } from './limit-plan.js';
import { nanoUsdOfCost } from './nano-usd.js';

/** What was taken in the end; what is not measured is 0. */
export interface Taken {
  readonly requests: number;
  readonly tokens: number;
  /** Billionths of a dollar. */
  readonly nanoUsd: number;
  /** Whether it is more than the receipt tells. */
  readonly isRaised: boolean;
}

/** What tells what was taken: the receipt of a call, or what is known of one attempt. */
export type TakenSource = Pick<Receipt, 'attempts' | 'cost' | 'firstContentMs' | 'startedAt' | 'usage'>;

/** @param estimate that was reserved by; absent where neither tokens nor money are limited */
export const takenOf = (
  source: TakenSource,
  estimate: CallEstimate | undefined,
  grantedNanoUsd = estimate?.nanoUsd ?? 0,
): Taken => {
  const { usage, cost, firstContentMs, attempts } = source;
  // An answer began, and nobody says what it took: what was reserved is the best that is known.
  const presumed = firstContentMs === undefined ? undefined : estimate;
  const told = cost === undefined ? undefined : nanoUsdOfCost(cost);
  const tokens = usage?.totalTokens ?? presumed?.tokens ?? 0;
  const nanoUsd = told ?? presumed?.nanoUsd ?? 0;
  const least = estimate === undefined ? undefined : leastTaken(source, estimate, grantedNanoUsd);
  return {
    requests: attempts.length > 0 ? 1 : 0,
    tokens: Math.max(tokens, least?.tokens ?? 0),
    nanoUsd: Math.max(nanoUsd, least?.nanoUsd ?? 0),
    isRaised: least !== undefined && (least.tokens > tokens || least.nanoUsd > nanoUsd),
  };
};

const amountIn = ({ requests, tokens }: Taken, nanoUsd: number, { measure }: Limit): number => {
  if (measure === 'tokens') return tokens;
  if (measure === 'usd') return nanoUsd;
  return measure === 'requests' ? requests : 0;
};

/** What was taken, for each of the limits that it counts for. @param nanoUsd where a part of the money is settled elsewhere */
export const usedAmounts = (limits: readonly Limit[], taken: Taken, nanoUsd = taken.nanoUsd): readonly number[] =>
  limits.map((limit) => amountIn(taken, nanoUsd, limit));
