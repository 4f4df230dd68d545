import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { AttemptClaim } from '../pipeline/attempt-claim.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { isoTime } from '../pipeline/iso-time.js';
import { keptAttempts } from '../pipeline/retry-wait.js';
import { nameOf, type Target } from '../registry/target.js';
import { estimateCall } from './call-estimate.js';
import type { Ledger, LedgerReply } from './ledger.js';
import type { LimitPlan } from './limit-plan.js';
import { amountsOf, isSized, warnOfDoubt } from './limited-amounts.js';
import { ModelVisit, type VisitClaim } from './model-visit.js';
import type { WaitingRoom } from './waiting-room.js';

export interface ModelClaimsTerms {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly room: WaitingRoom;
  readonly plan: LimitPlan;
}

/** A call that was let in. */
export interface ClaimingCall {
  readonly id: string;
  /** What its limits of a model were reserved for: a model as `provider:model`, or a route. */
  readonly model: string;
  readonly startedAtEpochMs: number;
}

/**
 * The limits of the models that a call comes to without having asked for them by name, as one does that goes by a route:
 * reserved before an attempt is made there, and settled when none of the call is under way there any more.
 */
export class ModelClaims {
  readonly #visits = new Map<string, ModelVisit>();
  /** Reservations asked for, in all. */
  #asked = 0;
  #isSettled = false;
  #waitedMs = 0;

  constructor(
    private readonly terms: ModelClaimsTerms,
    private readonly call: ClaimingCall,
  ) {}

  /** ms waited for room, in all. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** @throws BudgetExhaustedError, LimitReachedError, StoreFullError, or the cancel reason */
  claim(request: ModelRequest, target: Target, scope: CallScope): AttemptClaim | undefined | Promise<AttemptClaim> {
    const name = nameOf(target);
    if (name === this.call.model) return undefined;
    let visit = this.#visits.get(name);
    if (visit === undefined) {
      const limits = this.terms.plan.limitsOfModel(name);
      if (limits.length === 0) return undefined;
      visit = new ModelVisit(limits, isoTime(this.call.startedAtEpochMs), this.terms);
      this.#visits.set(name, visit);
    }
    return this.#claim(visit, request, target, scope);
  }

  /** The call is over, and with it all its attempts. */
  settle(): void {
    this.#isSettled = true;
    for (const visit of this.#visits.values()) visit.settle();
  }

  #claim(
    visit: ModelVisit,
    request: ModelRequest,
    target: Target,
    scope: CallScope,
  ): AttemptClaim | Promise<AttemptClaim> {
    const { clock, room } = this.terms;
    // Of attempts that begin at one time, the first holds the place for all of them.
    if (visit.entering !== undefined) {
      const again = (): AttemptClaim | Promise<AttemptClaim> => this.#claim(visit, request, target, scope);
      return visit.entering.then(again, again);
    }
    const limits = visit.limitsOfNext();
    const estimate = limits.some(isSized)
      ? estimateCall([{ name: nameOf(target), request, info: target.info }], clock.epochMs())
      : undefined;
    this.#asked += 1;
    const claim: VisitClaim = {
      id: `${this.call.id}/m${this.#asked}`,
      limits,
      amounts: amountsOf(limits, estimate),
      estimate,
      scope,
    };
    if (limits.length === 0) return visit.enter(claim);
    const take = (reply: LedgerReply): AttemptClaim => {
      if (this.#isSettled) {
        // The caller has gone in the same turn, and its receipt is made.
        room.giveBack(claim);
        throw scope.cancelReason;
      }
      warnOfDoubt(scope, limits, estimate, reply);
      return visit.enter(claim);
    };
    const answer = (reply: LedgerReply): AttemptClaim | Promise<AttemptClaim> =>
      reply.short.length === 0 ? take(reply) : this.#wait(claim, reply, take);
    const reply = room.tryEnter(claim);
    const entered = reply instanceof Promise ? reply.then(answer) : answer(reply);
    if (entered instanceof Promise) visit.waitFor(entered);
    return entered;
  }

  /** Who has another target goes there, and a second attempt is for now or never. @throws why there is no room */
  async #wait(
    claim: VisitClaim,
    reply: LedgerReply,
    take: (reply: LedgerReply) => AttemptClaim,
  ): Promise<AttemptClaim> {
    const { clock, room } = this.terms;
    const { scope } = claim;
    const refusal = room.refusalOf(claim, reply);
    if (scope.facts.isHedge === true || keptAttempts(scope, refusal) > 0) throw refusal;
    const since = clock.now();
    try {
      return take(await room.enter(claim));
    } finally {
      this.#waitedMs += clock.now() - since;
    }
  }
}
