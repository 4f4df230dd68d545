import type { Clock } from '../contract/clock.js';
import type { LimitState } from '../contract/limit-state.js';
import type { ModelRequest } from '../contract/request.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { AdmittedCall } from './admitted-call.js';
import { type CallEstimate, estimateCall } from './call-estimate.js';
import type { Ledger, LedgerReply } from './ledger.js';
import { type LimitedCall, LimitPlan, stateOf } from './limit-plan.js';
import { amountsOf, isSized, warnOfDoubt } from './limited-amounts.js';
import type { FullLimitsOptions } from './limits-options.js';
import { ModelClaims } from './model-claims.js';
import type { PossibleTargets } from './possible-targets.js';
import type { Applicant } from './queued-admission.js';
import type { WaitingRoom } from './waiting-room.js';

/** Sums and calls that outlive the limits they are held to. */
export interface AdmissionState {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly room: WaitingRoom;
}

export interface AdmissionTerms extends AdmissionState {
  readonly targets: PossibleTargets;
  readonly options: FullLimitsOptions;
}

/** Of a call that nothing is reserved for as a whole. */
const NOTHING: LedgerReply = { short: [] };

/** Lets calls in as far as the limits of a gateway allow. */
export class Admission {
  readonly #plan: LimitPlan;
  readonly #hasModels: boolean;

  constructor(private readonly terms: AdmissionTerms) {
    const { options, targets } = terms;
    this.#plan = new LimitPlan(options, (model) => targets.nameOf(model));
    this.#hasModels = this.#plan.hasModels;
  }

  get state(): AdmissionState {
    return this.terms;
  }

  /**
   * Undefined when everything is reserved already; otherwise resolves when it is.
   * @throws BudgetExhaustedError, LimitReachedError, StoreFullError, or the cancel reason; now, or by rejecting
   */
  admit(request: ModelRequest, scope: CallScope): Promise<void> | undefined {
    const { clock, targets, room } = this.terms;
    const model = targets.nameOf(request.model);
    const limits = this.#plan.limitsFor({ tenant: scope.tenant, model });
    const models = this.#hasModels && !targets.isKnown(request.model) ? this.#claimsOf(model, scope) : undefined;
    if (limits.length === 0 && models === undefined) return undefined;
    const { strict, layers, record } = scope.facts;
    const estimate = limits.some(isSized)
      ? estimateCall(targets.of({ request, strict, layers }), record.startedAtEpochMs)
      : undefined;
    const applicant = { id: record.id, limits, amounts: amountsOf(limits, estimate), periods: undefined, scope };
    const reply = limits.length === 0 ? NOTHING : room.enter(applicant);
    if (!(reply instanceof Promise)) {
      this.#admitted(applicant, estimate, reply, 0, models);
      return undefined;
    }
    const since = clock.now();
    return reply.then((late) => this.#admitted(applicant, estimate, late, clock.now() - since, models));
  }

  /** How the limits stand that a call would fall under. */
  async states(call: LimitedCall): Promise<readonly LimitState[]> {
    const { targets, ledger } = this.terms;
    const model = call.model === undefined ? undefined : targets.nameOf(call.model);
    const limits = this.#plan.limitsFor({ tenant: call.tenant, model });
    const states = await ledger.read(limits);
    return limits.flatMap((limit, at) => {
      const state = states[at];
      return state === undefined ? [] : [stateOf(limit, state)];
    });
  }

  close(): Promise<void> {
    return this.terms.ledger.close();
  }

  #claimsOf(model: string, scope: CallScope): ModelClaims {
    const { id, startedAtEpochMs } = scope.facts.record;
    return new ModelClaims({ ...this.terms, plan: this.#plan }, { id, model, startedAtEpochMs });
  }

  #admitted(
    applicant: Applicant,
    estimate: CallEstimate | undefined,
    reply: LedgerReply,
    waitedMs: number,
    models: ModelClaims | undefined,
  ): void {
    const { scope, limits } = applicant;
    if (scope.cancelled) {
      // Its receipt is made already: nobody else would settle it.
      if (limits.length > 0) this.terms.room.giveBack(applicant);
      throw scope.cancelReason;
    }
    scope.facts.record.admission = new AdmittedCall(this.terms, applicant, estimate, waitedMs, models);
    warnOfDoubt(scope, limits, estimate, reply);
  }
}
