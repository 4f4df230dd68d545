import type { Clock } from '../contract/clock.js';
import type { LimitState } from '../contract/limit-state.js';
import type { ModelRequest } from '../contract/request.js';
import type { LimitedAmount } from '../contract/state-store.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { AdmittedCall } from './admitted-call.js';
import { type CallEstimate, estimateCall, UNSIZED } from './call-estimate.js';
import type { Ledger, LedgerReply } from './ledger.js';
import { type Limit, type LimitedCall, LimitPlan, stateOf } from './limit-plan.js';
import { neverFits } from './limit-refusal.js';
import type { FullLimitsOptions } from './limits-options.js';
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

const isSized = ({ measure }: Limit): boolean => measure === 'tokens' || measure === 'usd';

/** Lets calls in as far as the limits of a gateway allow. */
export class Admission {
  readonly #plan: LimitPlan;
  readonly #room: WaitingRoom;

  constructor(private readonly terms: AdmissionTerms) {
    const { options, targets, room } = terms;
    this.#plan = new LimitPlan(options, (model) => targets.nameOf(model));
    this.#room = room;
  }

  get state(): AdmissionState {
    return this.terms;
  }

  /** Resolves when everything is reserved. @throws BudgetExhaustedError, LimitReachedError, StoreFullError, or the cancel reason */
  async admit(request: ModelRequest, scope: CallScope): Promise<void> {
    const { clock, targets } = this.terms;
    const limits = this.#plan.limitsFor({ tenant: scope.tenant, model: targets.nameOf(request.model) });
    if (limits.length === 0) return;
    const { strict, layers } = scope.facts;
    const estimate = limits.some(isSized)
      ? estimateCall(targets.of({ request, strict, layers }), clock.epochMs())
      : undefined;
    const applicant = { id: scope.facts.record.id, limits, amounts: this.#amounts(limits, estimate), scope };
    const since = clock.now();
    const reply = await this.#room.enter(applicant);
    this.#admitted(applicant, estimate, reply, clock.now() - since);
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

  #amounts(limits: readonly Limit[], estimate = UNSIZED): readonly LimitedAmount[] {
    return limits.map((rule) => {
      const { account, window, limit, measure } = rule;
      if (measure === 'usd') return { account, window, limit, amount: estimate.nanoUsd };
      if (measure !== 'tokens') return { account, window, limit, amount: 1 };
      if (estimate.inputAtLeast > limit) throw neverFits(rule, estimate.inputAtLeast);
      // A call that may take more than a minute allows runs alone.
      return { account, window, limit, amount: Math.min(limit, estimate.tokens) };
    });
  }

  #admitted(applicant: Applicant, estimate: CallEstimate | undefined, reply: LedgerReply, waitedMs: number): void {
    const { scope, limits } = applicant;
    if (scope.cancelled) {
      // Its receipt is made already: nobody else would settle it.
      this.#room.giveBack(applicant);
      throw scope.cancelReason;
    }
    scope.facts.record.admission = new AdmittedCall(
      { clock: this.terms.clock, ledger: this.terms.ledger, onLeft: (callMs) => this.#room.left(callMs) },
      applicant,
      estimate,
      waitedMs,
    );
    if (estimate?.boundsUsd === false && limits.some(({ measure }) => measure === 'usd')) {
      const message =
        'What this call may cost at most is not known: give `maxOutputTokens`, and see whether the model has a price. The budget was checked by an estimate.';
      scope.warn({ code: 'cost-unbounded', message });
    }
    if (reply.isLocal === true) {
      const message = 'The store of the limits could not be reached: the call was counted by this process alone.';
      scope.warn({ code: 'limits-local', message });
    }
  }
}
