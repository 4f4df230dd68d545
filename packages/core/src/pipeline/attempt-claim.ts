import type { ModelRequest } from '../contract/request.js';
import { BudgetExhaustedError, LimitReachedError } from '../errors/limit-errors.js';
import type { CallScope } from './call-scope.js';
import type { OpenAttempt } from './open-attempt.js';

/** What a claim needs of its attempt. */
export type ClaimedAttempt = Pick<OpenAttempt, 'mayBeBilled' | 'onOver' | 'record'>;

/** What limits keep for one attempt of a call. */
export interface AttemptClaim {
  begun(attempt: ClaimedAttempt): void;
  /** The attempt will not be made. */
  drop(): void;
}

/** Says in the receipt why there was no room for a retry. Returns what the caller is to hear of: the failure before it. */
const unpaid = (scope: CallScope, error: unknown, failure: unknown): unknown => {
  if (failure === undefined || !(error instanceof BudgetExhaustedError || error instanceof LimitReachedError))
    return error;
  scope.warn({ code: 'retry-refused', message: `It was not retried: ${error.message}` });
  return failure;
};

/**
 * Reserves for an attempt that is about to be made; undefined where no limit is for it.
 * @param failure of the attempt before, which a refusal does not hide
 * @throws BudgetExhaustedError, LimitReachedError, StoreFullError, the failure, or the cancel reason
 */
export const claimFor = (
  request: ModelRequest,
  scope: CallScope,
  failure: unknown,
): AttemptClaim | undefined | Promise<AttemptClaim> => {
  const { target, facts } = scope;
  if (target === undefined) return undefined;
  const refuse = (error: unknown): never => {
    throw unpaid(scope, error, failure);
  };
  try {
    const claim = facts.record.claim(request, target, scope);
    if (!(claim instanceof Promise)) return claim;
    return claim.then((late) => {
      if (!scope.cancelled) return late;
      late.drop();
      throw scope.cancelReason;
    }, refuse);
  } catch (error) {
    return refuse(error);
  }
};
