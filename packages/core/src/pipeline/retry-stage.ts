import type { ModelRequest } from '../contract/request.js';
import type { GatePass } from '../gate/attempt-gate.js';
import { type AttemptClaim, claimFor } from './attempt-claim.js';
import type { CallScope } from './call-scope.js';
import { checkGate, endingOf, givenAfter, leaveLate, type RetryTerms, waitAfter } from './retry-wait.js';
import { COMPLETE, type OpenStream, type Stage, withTap } from './stage.js';

/** An attempt that is to be made. */
interface Turn {
  /** From 1. */
  readonly attempt: number;
  readonly waitedMs: number;
  /** What the attempt before failed with. */
  readonly failure?: unknown;
}

const FIRST: Turn = { attempt: 1, waitedMs: 0 };

const passed = (pass: GatePass, open: OpenStream): OpenStream => {
  pass.answered();
  if (open.rest !== undefined) return withTap(open, pass);
  pass.onEnd(COMPLETE);
  return open;
};

/** The same target again, as long as table, budget and deadline allow. The one place where calls are repeated. */
export const retryStage =
  (terms: RetryTerms): Stage =>
  (next) => {
    const { clock, gate } = terms;

    const make = (
      request: ModelRequest,
      scope: CallScope,
      turn: Turn,
      pass: GatePass | undefined,
      claim: AttemptClaim | undefined,
    ): Promise<OpenStream> => {
      try {
        scope.attempts.spend();
      } catch (error) {
        pass?.abandon();
        claim?.drop();
        // Another part of the call may have taken the last one while this one waited.
        throw turn.failure ?? error;
      }
      const { target, facts } = scope;
      const waitedMs = turn.waitedMs + (pass?.waitedMs ?? 0);
      const record =
        target === undefined
          ? undefined
          : facts.record.beginAttempt(request, target, waitedMs, undefined, facts.isHedge);
      scope.attemptRecord = record;
      if (record !== undefined) claim?.begun(record);
      const failed = async (error: unknown): Promise<OpenStream> => {
        const ending = endingOf(error, scope);
        record?.onEnd(ending);
        pass?.onEnd(ending);
        const delayMs = waitAfter(terms, error, scope, turn.attempt);
        await scope.sleep(clock, delayMs);
        return begin(request, scope, { attempt: turn.attempt + 1, waitedMs: delayMs, failure: error });
      };
      return next(request, scope).then((open) => {
        if (scope.cancelled) return failed(leaveLate(open, scope, record));
        const recorded = record === undefined ? open : record.opened(open);
        return pass === undefined ? recorded : passed(pass, recorded);
      }, failed);
    };

    const enter = (
      request: ModelRequest,
      scope: CallScope,
      turn: Turn,
      claim: AttemptClaim | undefined,
    ): Promise<OpenStream> => {
      const { target } = scope;
      if (gate === undefined || target === undefined) return make(request, scope, turn, undefined, claim);
      const pass = gate.tryEnter(target, terms);
      if (pass !== undefined) return make(request, scope, turn, pass, claim);
      return givenAfter(gate.enter(target, scope, terms), scope, turn.failure).then(
        (late) => make(request, scope, turn, late, claim),
        (error: unknown) => {
          claim?.drop();
          throw error;
        },
      );
    };

    // Limits before the gate, as they are for the call as a whole: who waits for one must not hold what the other waits for.
    const begin = (request: ModelRequest, scope: CallScope, turn: Turn): Promise<OpenStream> => {
      checkGate(terms, scope, turn.failure);
      const claim = claimFor(request, scope, turn.failure);
      return claim instanceof Promise
        ? claim.then((late) => enter(request, scope, turn, late))
        : enter(request, scope, turn, claim);
    };

    return (request, scope) => {
      try {
        const { waitedMs } = scope.facts;
        return begin(request, scope, waitedMs === undefined ? FIRST : { attempt: 1, waitedMs });
      } catch (error) {
        return Promise.reject(error);
      }
    };
  };
