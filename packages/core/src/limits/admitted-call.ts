import type { ModelRequest } from '../contract/request.js';
import type { AttemptClaim } from '../pipeline/attempt-claim.js';
import type { CallAdmission } from '../pipeline/call-record.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { AdmissionRecord, Receipt } from '../pipeline/receipt.js';
import type { Target } from '../registry/target.js';
import type { Writable } from '../schema/writable.js';
import { takenOf, usedAmounts } from './amounts-taken.js';
import type { CallEstimate } from './call-estimate.js';
import { joinedClaim } from './joined-claim.js';
import type { ModelClaims } from './model-claims.js';
import { MoneyClaims, type MoneyTerms } from './money-claims.js';
import { usdOf } from './nano-usd.js';
import type { Applicant } from './queued-admission.js';
import type { WaitingRoom } from './waiting-room.js';

export interface AdmittedTerms extends MoneyTerms {
  readonly room: WaitingRoom;
}

/** A call that was let in, with what is reserved for it. Its receipt settles it: there is one, once, however a call ends. */
export class AdmittedCall implements CallAdmission {
  /** ms from the beginning of the call to now. */
  readonly #admittedAfterMs: number;
  /** Absent where no money is limited. */
  readonly #money: MoneyClaims | undefined;

  constructor(
    private readonly terms: AdmittedTerms,
    private readonly applicant: Applicant,
    private readonly estimate: CallEstimate | undefined,
    private readonly waitedMs: number,
    /** Of models that were not asked for by name; absent where none of them has a limit. */
    private readonly models: ModelClaims | undefined,
  ) {
    this.#admittedAfterMs = applicant.scope.facts.record.elapsedMs();
    if (estimate !== undefined && applicant.limits.some(({ measure }) => measure === 'usd'))
      this.#money = new MoneyClaims(terms, applicant, estimate);
  }

  claim(request: ModelRequest, target: Target, scope: CallScope): AttemptClaim | undefined | Promise<AttemptClaim> {
    const money = this.#money;
    const ofModel = this.models?.claim(request, target, scope);
    if (money === undefined) return ofModel;
    if (ofModel === undefined) return money.claim(request, target, scope);
    return joinedClaim(ofModel, () => money.claim(request, target, scope));
  }

  /** @param receipt of the call, complete but for this */
  settle(receipt: Receipt): AdmissionRecord {
    const { terms, applicant, estimate } = this;
    const { limits } = applicant;
    this.models?.settle();
    const taken = takenOf(receipt, estimate, this.#money?.granted);
    const ofFirst = this.#money?.settle(taken.nanoUsd) ?? taken.nanoUsd;
    if (limits.length > 0) terms.ledger.settle(applicant, usedAmounts(limits, taken, ofFirst));
    terms.room.left(receipt.durationMs - this.#admittedAfterMs);
    const record: Writable<AdmissionRecord> = { waitedMs: this.waitedMs + (this.models?.waitedMs ?? 0) };
    if (estimate === undefined) return record;
    const { tokens, nanoUsd, boundsUsd } = estimate;
    const { granted = nanoUsd, isBounded = boundsUsd } = this.#money ?? {};
    record.reserved = { tokens, usd: usdOf(granted), isUpperBound: isBounded };
    record.settled = {
      tokens: taken.tokens,
      usd: usdOf(taken.nanoUsd),
      certainty: taken.isRaised ? 'estimated' : (receipt.cost?.certainty ?? receipt.usage?.certainty ?? 'estimated'),
    };
    return record;
  }
}
