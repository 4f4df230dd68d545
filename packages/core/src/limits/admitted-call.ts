import type { Clock } from '../contract/clock.js';
import type { AdmissionRecord, Receipt } from '../pipeline/receipt.js';
import type { Writable } from '../schema/writable.js';
import type { CallEstimate } from './call-estimate.js';
import { leastTaken } from './least-taken.js';
import type { Ledger } from './ledger.js';
import type { Limit } from './limit-plan.js';
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
export class AdmittedCall {
  readonly #admittedAt: number;

  constructor(
    private readonly terms: AdmittedTerms,
    private readonly applicant: Applicant,
    private readonly estimate: CallEstimate | undefined,
    private readonly waitedMs: number,
  ) {
    this.#admittedAt = terms.clock.now();
  }

  /** @param receipt of the call, complete but for this */
  settle(receipt: Receipt): AdmissionRecord {
    const { terms, applicant, estimate, waitedMs } = this;
    const taken = this.#taken(receipt);
    terms.ledger.settle({
      id: applicant.id,
      amounts: applicant.limits.map((limit) => {
        const { account, window } = limit;
        return { account, window, amount: amountIn(taken, limit) };
      }),
    });
    terms.onLeft(terms.clock.now() - this.#admittedAt);
    const record: Writable<AdmissionRecord> = { waitedMs };
    if (estimate === undefined) return record;
    const { tokens, nanoUsd, boundsUsd } = estimate;
    record.reserved = { tokens, usd: usdOf(nanoUsd), isUpperBound: boundsUsd };
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
    const least = this.estimate === undefined ? undefined : leastTaken(receipt, this.estimate);
    return {
      requests: attempts.length > 0 ? 1 : 0,
      tokens: Math.max(tokens, least?.tokens ?? 0),
      nanoUsd: Math.max(nanoUsd, least?.nanoUsd ?? 0),
      isRaised: least !== undefined && (least.tokens > tokens || least.nanoUsd > nanoUsd),
    };
  }
}
