import type { Clock } from '../contract/clock.js';
import type { ShortAccount } from '../contract/state-store.js';
import type { BudgetExhaustedError, LimitReachedError } from '../errors/limit-errors.js';
import { Average } from '../pipeline/average.js';
import { guessedWaitMs } from '../pipeline/guessed-wait.js';
import { beforeDeadline } from '../pipeline/in-time.js';
import { whenPast } from '../pipeline/when-past.js';
import type { Writable } from '../schema/writable.js';
import { FairQueue } from './fair-queue.js';
import type { Ledger, LedgerReply } from './ledger.js';
import { budgetSpent, isSpent, noRoom, type ShortLimit } from './limit-refusal.js';
import { type Applicant, QueuedAdmission, shortLimits } from './queued-admission.js';

const MINUTE_MS = 60_000;
/** How often a store that others take from as well is asked whether there is room, in ms. */
const POLL_MS = 250;
/** Weight of the newest call in the mean time that calls are under way. */
const NEWEST = 0.1;

export interface WaitingLimits {
  readonly maxQueue: number;
  readonly maxQueueMs: number;
}

export interface WaitingRoomTerms extends WaitingLimits {
  readonly clock: Clock;
  readonly ledger: Ledger;
}

/** An account that had no room for the call whose turn it was. */
interface Blocked {
  readonly state: ShortAccount;
  /** Undefined: not known. */
  readonly freesAt: number | undefined;
}

/** Reserves for calls: at once where there is room, in turn when there is some, or not at all, with the wait computed. */
export class WaitingRoom {
  readonly #queue = new FairQueue<QueuedAdmission>();
  #isPassing = false;
  /** The pass under way; another may follow. */
  #look: Promise<void> = Promise.resolve();
  #passAgain = false;
  /** As of the last pass. */
  #blocked: ReadonlyMap<string, Blocked> = new Map();
  #stopWake: (() => void) | undefined;
  /** Of calls that have ended, in ms. */
  readonly #callMs = new Average(NEWEST);
  /** When the first call was let in, or asked to be. */
  #firstAt: number | undefined;

  constructor(private terms: WaitingRoomTerms) {}

  /** For who comes from now on; who waits goes by the limits of when it came. */
  reconfigure({ maxQueue, maxQueueMs }: WaitingLimits): void {
    this.terms = { ...this.terms, maxQueue, maxQueueMs };
  }

  get size(): number {
    return this.#queue.size;
  }

  /** @param isKnown what others wait for. @throws BudgetExhaustedError, LimitReachedError, StoreFullError, or the cancel reason */
  enter(applicant: Applicant, isKnown = false): LedgerReply | Promise<LedgerReply> {
    const { clock, maxQueue } = this.terms;
    // What others wait for is not known while they are looked at, and nobody is sent away for what it does not need. One look
    // will do: where calls keep ending the next begins at once.
    if (this.#isPassing && !isKnown && this.#queue.size >= maxQueue)
      return beforeDeadline(this.#look, applicant.scope, clock, 'its limits were being asked').then(() =>
        this.enter(applicant, true),
      );
    if (this.#queue.size > 0 && !this.#isFree(applicant, isKnown)) return this.#wait(applicant, undefined);
    const reply = this.#ask(applicant);
    return reply instanceof Promise
      ? reply.then((late) => this.#answer(applicant, late))
      : this.#answer(applicant, reply);
  }

  /** Reserves at once or not at all. Who waits for the same comes first. @throws StoreFullError, or the cancel reason */
  tryEnter(applicant: Applicant): LedgerReply | Promise<LedgerReply> {
    const ahead = this.#queue.size === 0 ? [] : this.#presumed(applicant);
    return ahead.length === 0 ? this.#ask(applicant) : { short: ahead.map(({ state }) => state) };
  }

  /** The error for a reply that found no room, where it is not waited for. */
  refusalOf({ limits, amounts }: Applicant, reply: LedgerReply): BudgetExhaustedError | LimitReachedError {
    const short = shortLimits(limits, amounts, reply);
    const spent = short.find(isSpent);
    return spent === undefined ? this.#noRoom(...this.#longest(short), 'It did not wait.') : budgetSpent(spent);
  }

  /** A call has ended: there may be room. @param callMs how long it was under way; undefined when it never was */
  left(callMs: number | undefined): void {
    if (callMs !== undefined) this.#callMs.add(callMs);
    if (this.#queue.size > 0) this.#pass();
  }

  /** Gives back what was reserved for a call that was never made. */
  giveBack(applicant: Applicant): void {
    this.terms.ledger.settle(
      applicant,
      applicant.amounts.map(() => 0),
    );
    if (this.#queue.size > 0) this.#pass();
  }

  #ask(applicant: Applicant): LedgerReply | Promise<LedgerReply> {
    const { ledger, clock } = this.terms;
    this.#firstAt ??= clock.now();
    const reply = ledger.begin(applicant);
    if (!(reply instanceof Promise)) return reply;
    const onLate = ({ short }: LedgerReply): void => {
      if (short.length === 0) this.giveBack(applicant);
    };
    return beforeDeadline(reply, applicant.scope, clock, 'its limits were being asked', onLate);
  }

  /** Who needs what others wait for goes behind them, even if it fits. Nobody else is in their way. */
  #isFree(applicant: Applicant, isKnown: boolean): boolean {
    return (isKnown || !this.#isPassing) && this.#presumed(applicant).length === 0;
  }

  #answer(applicant: Applicant, reply: LedgerReply): LedgerReply | Promise<LedgerReply> {
    return reply.short.length === 0
      ? reply
      : this.#wait(applicant, shortLimits(applicant.limits, applicant.amounts, reply));
  }

  #wait(applicant: Applicant, short: readonly ShortLimit[] | undefined): Promise<LedgerReply> {
    const { clock, maxQueueMs } = this.terms;
    const { scope } = applicant;
    const spent = short?.find(isSpent);
    if (spent !== undefined) throw budgetSpent(spent);
    const presumed = short ?? this.#presumed(applicant);
    const [worst, waitMs] = presumed.length === 0 ? [this.#unknown(applicant), undefined] : this.#longest(presumed);
    const since = clock.now();
    // The deadline of a call that several wait for may move.
    const mostMs = (): number => Math.min(maxQueueMs, scope.deadline - since);
    const limit = (): string =>
      mostMs() < maxQueueMs ? 'the deadline of the call leaves' : `\`limits.maxQueueMs\` (${maxQueueMs} ms) allows`;
    if (mostMs() <= 0 || (waitMs ?? 0) > mostMs()) throw this.#noRoom(worst, waitMs, `That is more than ${limit()}.`);
    this.#makeRoom(scope.tenant, worst, waitMs);
    const call = new QueuedAdmission(applicant, this.#queue, worst, () => this.#pass());
    const overdue = (): void => {
      const [, stillMs] = this.#longest([call.short]);
      call.refuse(this.#noRoom(call.short, stillMs, `It waited ${Math.ceil(mostMs())} ms, as long as ${limit()}.`));
    };
    call.enter(() => whenPast(clock, () => since + mostMs(), overdue));
    this.#pass();
    return call.admitted;
  }

  /** @throws LimitReachedError when the queue is full, and the call's tenant has its share of it */
  #makeRoom(tenant: string | undefined, worst: ShortLimit, waitMs: number | undefined): void {
    const { maxQueue } = this.terms;
    if (this.#queue.size < maxQueue) return;
    const why =
      maxQueue === 0
        ? 'No call waits here (`limits.maxQueue` is 0).'
        : `${maxQueue} calls wait already (\`limits.maxQueue\`).`;
    const last = this.#queue.giveWay(tenant);
    if (last === undefined) throw this.#noRoom(worst, waitMs, why);
    const [, lastMs] = this.#longest([last.short]);
    last.refuse(this.#noRoom(last.short, lastMs, `${why} Tenants with fewer of them come first.`));
  }

  /** Lets in whom there is room for, in turn. One pass at a time: a store may answer late. */
  #pass(): void {
    if (this.#isPassing) this.#passAgain = true;
    else {
      this.#isPassing = true;
      void this.#passes();
    }
  }

  async #passes(): Promise<void> {
    do {
      this.#passAgain = false;
      this.#look = this.#onePass();
      await this.#look;
    } while (this.#passAgain);
    this.#isPassing = false;
  }

  async #onePass(): Promise<void> {
    const blocked = new Map<string, Blocked>();
    for (let call = this.#queue.next(blocked); call !== undefined; call = this.#queue.next(blocked)) {
      try {
        const reply = await this.terms.ledger.begin(call.applicant);
        if (reply.short.length === 0) {
          if (call.isWaiting) call.admit(reply);
          else this.giveBack(call.applicant);
        } else this.#refused(call, reply, blocked);
      } catch (error) {
        call.refuse(error);
      }
    }
    this.#blocked = blocked;
    this.#wakeUp();
  }

  /** Others may use whatever this call has to wait for less long: until then it could not run anyway. */
  #refused(call: QueuedAdmission, reply: LedgerReply, blocked: Map<string, Blocked>): void {
    const short = shortLimits(call.applicant.limits, call.applicant.amounts, reply);
    const spent = short.find(isSpent);
    // The next one may cost less.
    if (spent !== undefined) return call.refuse(budgetSpent(spent));
    const [worst] = this.#longest(short);
    call.short = worst;
    const { state, limit } = worst;
    const freesAt = state.freesInMs === undefined ? undefined : this.terms.clock.now() + state.freesInMs;
    blocked.set(limit.account, { state, freesAt });
  }

  #wakeUp(): void {
    const { clock, ledger } = this.terms;
    this.#stopWake?.();
    this.#stopWake = undefined;
    if (this.#queue.size === 0) return;
    let atMs = ledger.isShared ? clock.now() + POLL_MS : Number.POSITIVE_INFINITY;
    for (const { freesAt = atMs } of this.#blocked.values()) atMs = Math.min(atMs, freesAt);
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.#stopWake = clock.schedule(Math.max(0, atMs - clock.now()), () => this.#pass());
  }

  /** What a call that comes while others wait has to wait for: the accounts that they wait for. */
  #presumed({ limits, amounts }: Applicant): readonly ShortLimit[] {
    const now = this.terms.clock.now();
    return limits.flatMap((limit, at) => {
      const { account, window } = limit;
      const known = this.#blocked.get(account);
      if (known === undefined) return [];
      const { used, reserved, underestimated } = known.state;
      const state: Writable<ShortAccount> = { account, window, used, reserved, underestimated };
      if (known.freesAt !== undefined) state.freesInMs = Math.max(0, known.freesAt - now);
      return [{ limit, amount: amounts[at]?.amount ?? 0, state }];
    });
  }

  /** Stands in until the next pass for a call that none of those who wait is known to be in the way of. */
  #unknown({ limits, amounts }: Applicant): ShortLimit {
    const [limit] = limits;
    if (limit === undefined) throw new TypeError('A call that waits has at least one limit.');
    const { account, window } = limit;
    const state = { account, window, used: 0, reserved: 0, underestimated: 0 };
    return { limit, amount: amounts[0]?.amount ?? 0, state };
  }

  /** The limit that will be the last to have room, and in how many ms as far as that can be told. */
  #longest(short: readonly ShortLimit[]): readonly [ShortLimit, number | undefined] {
    let [worst] = short;
    if (worst === undefined) throw new TypeError('A refusal names at least one account.');
    let longestMs: number | undefined;
    for (const one of short) {
      const waitMs = this.#waitMs(one);
      if (waitMs === undefined || waitMs <= (longestMs ?? -1)) continue;
      worst = one;
      longestMs = waitMs;
    }
    return [worst, longestMs];
  }

  #noRoom(worst: ShortLimit, waitMs: number | undefined, why: string): LimitReachedError {
    const guessMs = guessedWaitMs(this.#callMs.value, this.#firstAt, this.terms.clock.now());
    return noRoom(worst, { waitMs, guessMs }, why);
  }

  /** Until there is room for those who wait already, and for this call. */
  #waitMs({ limit, state }: ShortLimit): number | undefined {
    const ahead = this.#queue.needed(limit.account) / limit.limit;
    if (limit.window === 'minute') return (state.freesInMs ?? 0) + ahead * MINUTE_MS;
    const meanMs = this.#callMs.value;
    return limit.window !== 'open' || meanMs === undefined ? undefined : (ahead + 1 / limit.limit) * meanMs;
  }
}
