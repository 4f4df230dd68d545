import type { Clock, RandomSource } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { CallScope } from './call-scope.js';
import type { DecisionTable } from './decision-table.js';
import type { RetryOptions } from './retry-policy.js';
import { endingOf, waitAfter } from './retry-wait.js';
import type { OpenStream, Stage } from './stage.js';

/** The same target again, as long as table, budget and deadline allow. The one place where calls are repeated. */
export const retryStage =
  (options: RetryOptions, table: DecisionTable, clock: Clock, random: RandomSource): Stage =>
  (next) => {
    const terms = { options, table, clock, random };

    const attemptAfter = (
      request: ModelRequest,
      scope: CallScope,
      attempt: number,
      waitedMs: number,
    ): Promise<OpenStream> => {
      scope.attempts.spend();
      const { target, facts } = scope;
      const record = target === undefined ? undefined : facts.record.beginAttempt(request, target, waitedMs);
      scope.attemptRecord = record;
      return next(request, scope).then(
        (open) => (record === undefined ? open : record.opened(open)),
        async (error: unknown) => {
          record?.onEnd(endingOf(error, scope));
          const delayMs = waitAfter(terms, error, scope, attempt);
          await scope.sleep(clock, delayMs);
          return attemptAfter(request, scope, attempt + 1, delayMs);
        },
      );
    };

    return (request, scope) => {
      try {
        return attemptAfter(request, scope, 1, scope.facts.waitedMs ?? 0);
      } catch (error) {
        return Promise.reject(error);
      }
    };
  };
