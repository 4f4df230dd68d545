import type { LimitedAmount } from '../contract/state-store.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { type CallEstimate, UNSIZED } from './call-estimate.js';
import type { LedgerReply } from './ledger.js';
import type { Limit } from './limit-plan.js';
import { neverFits } from './limit-refusal.js';

/** Whether it takes an estimate to know what a call asks of it. */
export const isSized = ({ measure }: Limit): boolean => measure === 'tokens' || measure === 'usd';

/** What is asked of each limit, in the same order. @throws LimitReachedError when the input alone can never fit */
export const amountsOf = (limits: readonly Limit[], estimate: CallEstimate = UNSIZED): readonly LimitedAmount[] =>
  limits.map((rule) => {
    const { account, window, limit, measure } = rule;
    if (measure === 'usd') return { account, window, limit, amount: estimate.nanoUsd };
    if (measure !== 'tokens') return { account, window, limit, amount: 1 };
    if (estimate.inputAtLeast > limit) throw neverFits(rule, estimate.inputAtLeast);
    // A call that may take more than a minute allows runs alone.
    return { account, window, limit, amount: Math.min(limit, estimate.tokens) };
  });

/** Says in the receipt how far what was reserved can be relied on. */
export const warnOfDoubt = (
  scope: CallScope,
  limits: readonly Limit[],
  estimate: CallEstimate | undefined,
  reply: Pick<LedgerReply, 'isLocal'>,
): void => {
  if (estimate?.boundsUsd === false && limits.some(({ measure }) => measure === 'usd')) {
    const message =
      'What this call may cost at most is not known: give `maxOutputTokens`, and see whether the model has a price. The budget was checked by an estimate.';
    scope.warn({ code: 'cost-unbounded', message });
  }
  if (reply.isLocal !== true) return;
  const message = 'The store of the limits could not be reached: the call was counted by this process alone.';
  scope.warn({ code: 'limits-local', message });
};
