import type { Clock } from '../contract/clock.js';
import type { AttemptClaim, ClaimedAttempt } from '../pipeline/attempt-claim.js';
import { takenOf, usedAmounts } from './amounts-taken.js';
import type { CallEstimate } from './call-estimate.js';
import type { Ledger } from './ledger.js';
import type { Limit } from './limit-plan.js';
import type { Applicant } from './queued-admission.js';
import type { WaitingRoom } from './waiting-room.js';

/** What is reserved for one attempt. */
export interface VisitClaim extends Applicant {
  /** Absent where neither tokens nor money are limited. */
  readonly estimate: CallEstimate | undefined;
}

interface OpenClaim extends VisitClaim {
  attempt: ClaimedAttempt | undefined;
  /** By limit: what it was settled by. */
  settled: readonly number[] | undefined;
}

export interface VisitTerms {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly room: WaitingRoom;
}

/**
 * The attempts of one call at one model. However many there are, it is one call there and one request; its place among those
 * under way is free again as soon as none of them is.
 */
export class ModelVisit {
  /** Asks for the first place at the moment. */
  entering: Promise<unknown> | undefined;
  readonly #claims = new Set<OpenClaim>();
  #underWay = 0;
  #isCounted = false;
  #since = 0;

  /** @param limits of the model. @param startedAt of the call, ISO 8601 */
  constructor(
    private readonly limits: readonly Limit[],
    private readonly startedAt: string,
    private readonly terms: VisitTerms,
  ) {}

  waitFor(entered: Promise<unknown>): void {
    this.entering = entered
      .catch(() => {})
      .finally(() => {
        this.entering = undefined;
      });
  }

  /** What has to be reserved for one more attempt. */
  limitsOfNext(): readonly Limit[] {
    return this.limits.filter(({ measure }) => {
      if (measure === 'concurrency') return this.#underWay === 0;
      return measure !== 'requests' || !this.#isCounted;
    });
  }

  /** An attempt may be made: what it asked for is reserved. */
  enter(given: VisitClaim): AttemptClaim {
    const claim: OpenClaim = { ...given, attempt: undefined, settled: undefined };
    let isOpen = true;
    const leave = (): void => {
      if (!isOpen) return;
      isOpen = false;
      this.#leave();
    };
    if (this.#underWay === 0) this.#since = this.terms.clock.now();
    this.#underWay += 1;
    this.#isCounted = true;
    this.#claims.add(claim);
    return {
      begun: (attempt) => {
        claim.attempt = attempt;
        attempt.onOver = leave;
      },
      drop: () => {
        // Nothing was asked for: the next one is the request.
        if (claim.limits.some(({ measure }) => measure === 'requests')) this.#isCounted = false;
        leave();
      },
    };
  }

  /** Attempts that ended late may have told more. */
  settle(): void {
    for (const claim of this.#claims) this.#settle(claim);
    this.#claims.clear();
  }

  #leave(): void {
    const { clock, room } = this.terms;
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    const begun = [...this.#claims].filter(({ attempt }) => attempt !== undefined);
    for (const claim of this.#claims) this.#settle(claim);
    // What was given back unused says nothing of how long calls take.
    room.left(begun.length === 0 ? undefined : clock.now() - this.#since);
  }

  #settle(claim: OpenClaim): void {
    const { limits, attempt, settled } = claim;
    if (attempt === undefined) this.#claims.delete(claim);
    if (limits.length === 0) return;
    const used = attempt === undefined ? limits.map(() => 0) : this.#used(claim, attempt);
    if (settled === undefined) this.terms.ledger.settle(claim, used);
    else {
      const more = used.map((amount, at) => Math.max(0, amount - (settled[at] ?? 0)));
      const late = { id: `${claim.id}+`, amounts: claim.amounts };
      if (more.some((amount) => amount > 0)) this.terms.ledger.settle(late, more);
    }
    claim.settled = used.map((amount, at) => Math.max(amount, settled?.[at] ?? 0));
  }

  #used({ limits, estimate }: OpenClaim, attempt: ClaimedAttempt): readonly number[] {
    const record = attempt.record();
    return usedAmounts(limits, takenOf({ ...record, attempts: [record], startedAt: this.startedAt }, estimate));
  }
}
