import type { LimitedAmount } from '../contract/state-store.js';
import type { CallScope, CancelListener } from '../pipeline/call-scope.js';
import type { FairQueue, QueuedCall } from './fair-queue.js';
import type { LedgerReply, Reserve } from './ledger.js';
import type { Limit } from './limit-plan.js';
import type { ShortLimit } from './limit-refusal.js';

/** A call that asks to be let in. */
export interface Applicant extends Reserve {
  /** One for each amount, in the same order. */
  readonly limits: readonly Limit[];
  readonly scope: CallScope;
}

/** The limits that a reply finds without room. @param amounts one for each limit, in the same order */
export const shortLimits = (
  limits: readonly Limit[],
  amounts: readonly LimitedAmount[],
  { short }: Pick<LedgerReply, 'short'>,
): readonly ShortLimit[] =>
  short.flatMap((state) => {
    const at = limits.findIndex(({ account }) => account === state.account);
    const limit = limits[at];
    return limit === undefined ? [] : [{ limit, amount: amounts[at]?.amount ?? 0, state }];
  });

/** A call that waits for room. It leaves the queue once: let in, refused, or cancelled. */
export class QueuedAdmission implements QueuedCall, CancelListener {
  readonly admitted: Promise<LedgerReply>;
  #resolve: (reply: LedgerReply) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #stopTimer: (() => void) | undefined;
  #isWaiting = true;

  constructor(
    readonly applicant: Applicant,
    private readonly queue: FairQueue<QueuedAdmission>,
    /** What there was no room in when last looked at. */
    public short: ShortLimit,
    /** It is no longer in the way of those behind it. */
    private readonly onRefused: () => void,
  ) {
    this.admitted = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get tenant(): string | undefined {
    return this.applicant.scope.tenant;
  }

  get amounts(): readonly LimitedAmount[] {
    return this.applicant.amounts;
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** @param startTimer sets the timer of the longest wait, and returns the way to call it off */
  enter(startTimer: () => () => void): void {
    this.queue.add(this);
    this.#stopTimer = startTimer();
    this.applicant.scope.listen(this);
  }

  admit(reply: LedgerReply): void {
    if (!this.#leave()) return;
    this.queue.served(this);
    this.#resolve(reply);
  }

  refuse(error: unknown): void {
    if (!this.#leave()) return;
    this.queue.remove(this);
    this.#reject(error);
    this.onRefused();
  }

  onCancelled(reason: unknown): void {
    this.refuse(reason);
  }

  #leave(): boolean {
    if (!this.#isWaiting) return false;
    this.#isWaiting = false;
    this.#stopTimer?.();
    this.applicant.scope.forget(this);
    return true;
  }
}
