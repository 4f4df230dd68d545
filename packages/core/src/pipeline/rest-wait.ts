import type { FailureClass } from '../errors/failure-class.js';
import type { GatewayError } from '../errors/gateway-error.js';
import type { CallScope } from './call-scope.js';
import { keptAttempts, longestHint, type RetryTerms } from './retry-wait.js';

/** What a key or a target that was told to wait says of it. */
export interface Rest {
  /** ms until it is over. */
  readonly waitMs: number;
  /** Of the failure that sent it to rest; undefined when none is known. */
  readonly failureClass: FailureClass | undefined;
  /** The error of who does not wait. @param why a sentence, empty for none */
  refusal(why?: string): GatewayError;
}

/** How long to wait for the end of a rest, in ms. @throws its refusal when waiting does not mend it, or takes too long */
export const restWait = (terms: RetryTerms, rest: Rest, scope: CallScope): number => {
  const { options, table, clock, random } = terms;
  const { waitMs: restMs, failureClass } = rest;
  if (failureClass === undefined || !table[failureClass].sameTarget) throw rest.refusal();
  const hasNext = scope.facts.keptAttempts !== undefined && keptAttempts(scope, rest.refusal()) > 0;
  const [longestMs, limit] = longestHint(options, hasNext);
  if (restMs > longestMs) throw rest.refusal(`That is more than ${limit}.`);
  // Callers that wait for the same end do not all come back at the same moment.
  const delayMs = restMs + random() * Math.min(options.baseDelayMs, options.maxDelayMs);
  if (clock.now() + delayMs >= scope.deadline) throw rest.refusal('The deadline of the call leaves less.');
  return delayMs;
};
