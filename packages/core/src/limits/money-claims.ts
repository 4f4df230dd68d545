import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { AttemptClaim, ClaimedAttempt } from '../pipeline/attempt-claim.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { beforeDeadline } from '../pipeline/in-time.js';
import { nameOf, type Target } from '../registry/target.js';
import { type CallEstimate, estimateCall } from './call-estimate.js';
import type { Ledger, LedgerReply, Reserve } from './ledger.js';
import { noFurther } from './limit-refusal.js';
import { type Applicant, shortLimits } from './queued-admission.js';

/** One attempt, and what it may cost. */
class Claim implements AttemptClaim {
  attempt: ClaimedAttempt | undefined;
  #estimate: CallEstimate | undefined;

  constructor(
    private readonly request: ModelRequest,
    private readonly target: Target,
    private readonly call: MoneyClaims,
  ) {}

  begun(attempt: ClaimedAttempt): void {
    this.attempt = attempt;
  }

  drop(): void {
    this.call.drop(this);
  }

  /** Looked at when there is a further attempt: to measure a request twice is for those alone. */
  get estimate(): CallEstimate {
    const { request, target, call } = this;
    this.#estimate ??= estimateCall([{ name: nameOf(target), request, info: target.info }], call.startedAtEpochMs);
    return this.#estimate;
  }

  /** Billionths of a dollar that it may still cost, or may have. */
  get nanoUsd(): number {
    return this.attempt?.mayBeBilled === false ? 0 : this.estimate.nanoUsd;
  }
}

/** What was reserved for further attempts. */
interface Extension extends Reserve {
  readonly nanoUsd: number;
}

export interface MoneyTerms {
  readonly clock: Clock;
  readonly ledger: Ledger;
}

/**
 * The money of one call that was let in. What was reserved then is that of one answer: before each attempt beside or behind
 * one that may be billed, the reservation is extended by what the attempt may cost, or the attempt is refused.
 */
export class MoneyClaims {
  /** Made by the first attempt, and the first extension: most calls have one, and none. */
  #claims: Claim[] | undefined;
  #extensions: Extension[] | undefined;
  /** Reservations asked for, in all. */
  #asked = 0;
  #granted: number;
  #isBounded: boolean;
  #isSettled = false;

  constructor(
    private readonly terms: MoneyTerms,
    private readonly applicant: Applicant,
    private readonly estimate: CallEstimate,
  ) {
    this.#granted = estimate.nanoUsd;
    this.#isBounded = estimate.boundsUsd;
  }

  /** Billionths of a dollar that are reserved in all. */
  get granted(): number {
    return this.#granted;
  }

  /** Whether no attempt can have cost more than was reserved for it. */
  get isBounded(): boolean {
    return this.#isBounded;
  }

  /** Prices have dates. */
  get startedAtEpochMs(): number {
    return this.applicant.scope.facts.record.startedAtEpochMs;
  }

  /** @throws BudgetExhaustedError, LimitReachedError, StoreFullError, or the cancel reason */
  claim(request: ModelRequest, target: Target, scope: CallScope): AttemptClaim | Promise<AttemptClaim> {
    const claim = new Claim(request, target, this);
    const before = this.#claims;
    this.#claims = before === undefined ? [claim] : [...before, claim];
    const isFirst = this.#claims.length === 1;
    if (isFirst && this.estimate.targets.some(({ name }) => name === nameOf(target))) return claim;
    const { boundsUsd } = claim.estimate;
    this.#isBounded &&= boundsUsd;
    const more = this.#missing();
    // Without a bound it is let in while anything is left, as the first one was.
    return more > 0 || !boundsUsd ? this.#extend(claim, more, scope) : claim;
  }

  /** The attempt will not be made. */
  drop(claim: Claim): void {
    this.#claims = this.#claims?.filter((one) => one !== claim);
  }

  /** Settles what was reserved on top. @returns what of the money is left for the first reservation to be settled by */
  settle(nanoUsd: number): number {
    this.#isSettled = true;
    let rest = Math.max(0, nanoUsd - this.estimate.nanoUsd);
    let left = nanoUsd;
    for (const extension of this.#extensions ?? []) {
      const amount = Math.min(rest, extension.nanoUsd);
      rest -= amount;
      left -= amount;
      this.#settle(extension, amount);
    }
    return left;
  }

  #missing(): number {
    const claims = this.#claims ?? [];
    let needed = 0;
    for (const claim of claims) needed += claim.nanoUsd;
    const more = needed - this.#granted;
    // Each is rounded up: the parts of one answer may be that much more than the whole.
    return more <= claims.length ? 0 : more;
  }

  #extend(claim: Claim, more: number, scope: CallScope): AttemptClaim | Promise<AttemptClaim> {
    const { ledger, clock } = this.terms;
    const { id: call, limits } = this.applicant;
    this.#asked += 1;
    const money = limits.filter(({ measure }) => measure === 'usd');
    const amounts = money.map(({ account, window, limit }) => ({ account, window, limit, amount: more }));
    const extension: Extension = { id: `${call}/${this.#asked}`, amounts, nanoUsd: more };
    // At once: another attempt that asks meanwhile is to have its own.
    this.#granted += more;
    const refuse = (error: unknown): never => {
      this.#granted -= more;
      claim.drop();
      throw error;
    };
    const take = (reply: LedgerReply): AttemptClaim => {
      const [short] = shortLimits(money, amounts, reply);
      if (short !== undefined) return refuse(noFurther(short));
      if (this.#isSettled) {
        // The caller has gone in the same turn, and its receipt is made.
        this.#settle(extension, 0);
        return refuse(scope.cancelReason);
      }
      this.#extensions ??= [];
      this.#extensions.push(extension);
      return claim;
    };
    let reply: LedgerReply | Promise<LedgerReply>;
    try {
      reply = ledger.begin(extension);
    } catch (error) {
      return refuse(error);
    }
    if (!(reply instanceof Promise)) return take(reply);
    const onLate = ({ short }: LedgerReply): void => {
      if (short.length === 0) this.#settle(extension, 0);
    };
    return beforeDeadline(reply, scope, clock, 'its limits were being asked', onLate).then(take, refuse);
  }

  #settle(extension: Extension, used: number): void {
    const { amounts } = extension;
    this.terms.ledger.settle(
      extension,
      amounts.map(() => used),
    );
  }
}
