import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { AttemptClaim } from '../pipeline/attempt-claim.js';
import type { CallAdmission } from '../pipeline/call-record.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { AdmissionRecord, Receipt } from '../pipeline/receipt.js';
import type { Target } from '../registry/target.js';
import type { Writable } from '../schema/writable.js';
import type { CallEstimate } from './call-estimate.js';
import { leastTaken } from './least-taken.js';
import type { Ledger } from './ledger.js';
import type { Limit } from './limit-plan.js';
import { MoneyClaims } from './money-claims.js';
import { nanoUsdOf, usdOf } from './nano-usd.js';
import type { Applicant } from './queued-admission.js';

export interface AdmittedTerms {
  readonly clock: Clock;
  readonly ledger: Ledger;
  /** The call is over, so many ms after it was let in. */
  readonly onLeft: (callMs: number) => void;
}

/** What a call took in the end; what is not measured is 0. */
interface Taken {
  readonly requests: number;
  readonly tokens: number;
  readonly nanoUsd: number;
  /** Whether it is more than the receipt tells. */
  readonly isRaised: boolean;
}

const amountIn = ({ requests, tokens, nanoUsd }: Taken, { measure }: Limit): number => {
  if (measure === 'tokens') return tokens;
  if (measure === 'usd') return nanoUsd;
  return measure === 'requests' ? requests : 0;
};

/** A call that was let in, with what is reserved for it. Its receipt settles it: there is one, once, however a call ends. */
export class AdmittedCall implements CallAdmission {
  readonly #admittedAt: number;
  /** Absent where no money is limited. */
  readonly #money: MoneyClaims | undefined;

  constructor(
    private readonly terms: AdmittedTerms,
    private readonly applicant: Applicant,
    private readonly estimate: CallEstimate | undefined,
    private readonly waitedMs: number,
  ) {
    this.#admittedAt = terms.clock.now();
    if (estimate !== undefined && applicant.limits.some(({ measure }) => measure === 'usd'))
      this.#money = new MoneyClaims(terms, applicant, estimate);
  }

  claim(request: ModelRequest, target: Target, scope: CallScope): AttemptClaim | undefined | Promise<AttemptClaim> {
    return this.#money?.claim(request, target, scope);
  }

  /** @param receipt of the call, complete but for this */
  settle(receipt: Receipt): AdmissionRecord {
    const { terms, applicant, estimate, waitedMs } = this;
    const taken = this.#taken(receipt);
    const first = this.#money === undefined ? taken : { ...taken, nanoUsd: this.#money.settle(taken.nanoUsd) };
    terms.ledger.settle({
      id: applicant.id,
      amounts: applicant.limits.map((limit) => {
        const { account, window } = limit;
        return { account, window, amount: amountIn(first, limit) };
      }),
    });
    terms.onLeft(terms.clock.now() - this.#admittedAt);
    const record: Writable<AdmissionRecord> = { waitedMs };
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

  #taken(receipt: Receipt): Taken {
    const { usage, cost, firstContentMs, attempts } = receipt;
    // An answer began, and nobody says what it took: what was reserved is the best that is known.
    const presumed = firstContentMs === undefined ? undefined : this.estimate;
    const told = cost === undefined ? undefined : nanoUsdOf(cost.usdText ?? cost.usd);
    const tokens = usage?.totalTokens ?? presumed?.tokens ?? 0;
    const nanoUsd = told ?? presumed?.nanoUsd ?? 0;
    const least =
      this.estimate === undefined
        ? undefined
        : leastTaken(receipt, this.estimate, this.#money?.granted ?? this.estimate.nanoUsd);
    return {
      requests: attempts.length > 0 ? 1 : 0,
      tokens: Math.max(tokens, least?.tokens ?? 0),
      nanoUsd: Math.max(nanoUsd, least?.nanoUsd ?? 0),
      isRaised: least !== undefined && (least.tokens > tokens || least.nanoUsd > nanoUsd),
    };
  }
}
