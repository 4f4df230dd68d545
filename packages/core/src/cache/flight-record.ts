import type { Clock } from '../contract/clock.js';
import type { ResponseEndEvent } from '../contract/stream-event.js';
import type { Warning } from '../contract/warning.js';
import { CallRecord } from '../pipeline/call-record.js';
import type { OpenAttempt } from '../pipeline/open-attempt.js';
import type { RecoveryRecord, SkippedTarget } from '../pipeline/receipt.js';
import type { Ending } from '../pipeline/stage.js';
import type { Target } from '../registry/target.js';

/** Who hears of a member of a call's record: `flight`, it is of the upstream call alone. */
type Hearer = 'readers' | 'payer' | 'flight';

/** Every member of a call's record, and who hears of it in a flight. One that is added there needs its line here, or does not compile. */
interface Hearers {
  readonly warnings: 'readers';
  readonly warn: 'readers';
  readonly skip: 'readers';
  readonly recovered: 'readers';
  readonly commit: 'payer';
  /** When it is billed. */
  readonly add: 'payer';
  readonly beginAttempt: 'payer';
  /** When the flight is over. */
  readonly admission: 'payer';
  readonly claim: 'flight';
  readonly id: 'flight';
  readonly startedAtEpochMs: 'flight';
  readonly costOf: 'flight';
  readonly elapsedMs: 'flight';
  readonly aheadOf: 'flight';
  readonly receipt: 'flight';
  /** The events of the answer: every reader observes its own copies. */
  readonly observe: 'flight';
  /** Of stages before the cache: they write in the records of their own calls. */
  readonly rejectAnswer: 'flight';
  readonly noteCache: 'flight';
  readonly noteMiddleware: 'flight';
}
null as unknown as Hearers satisfies Readonly<Record<keyof CallRecord, Hearer>>;

/** The calls that wait for an answer. */
export interface FlightReaders {
  /** Of the one that pays. */
  readonly payer: CallRecord;
  /** Nobody but that one has the answer, or will have it. */
  readonly isAlone: boolean;
  /** Of all of them. */
  records(): Iterable<CallRecord>;
}

/**
 * What is gathered of an upstream call that several calls share. The bill goes to one of them, so that every attempt and
 * every cost stands in exactly one receipt; when that one leaves, what is under way and what follows goes to another.
 */
export class FlightRecord extends CallRecord {
  /** Whose answer it is; set at the commit point. */
  target: Target | undefined = undefined;
  /** The answer was put together from several attempts. */
  wasRecovered = false;
  readonly skipped: SkippedTarget[] = [];
  /** Somebody who left has paid for some of it. */
  #wasInherited = false;
  /** Not in a receipt yet. */
  #attempts: OpenAttempt[] = [];

  constructor(
    clock: Clock,
    /** The call that it begins for. */
    first: CallRecord,
    private readonly readers: FlightReaders,
  ) {
    super(clock, '', undefined, first);
  }

  override warn(warning: Warning): void {
    super.warn(warning);
    for (const record of this.readers.records()) record.warn(warning);
  }

  override skip(skipped: SkippedTarget): void {
    this.skipped.push(skipped);
    for (const record of this.readers.records()) record.skip(skipped);
  }

  override add(attempt: OpenAttempt): void {
    super.add(attempt);
    this.#attempts.push(attempt);
  }

  override commit(target: Target): void {
    super.commit(target);
    this.target = target;
    this.readers.payer.commit(target);
  }

  override recovered(recovery: RecoveryRecord, served: Target): void {
    this.wasRecovered = true;
    this.target = served;
    // The last one to leave reads no more, and pays.
    for (const record of new Set([this.readers.payer, ...this.readers.records()])) record.recovered(recovery, served);
  }

  /**
   * The call is over, and billed: what limits reserved for it is settled by all its attempts, whoever has them in a receipt.
   * Where one call alone had its answer, and all of it, that is the receipt of that call.
   */
  settle(ending: Ending, end: ResponseEndEvent | undefined): void {
    if (this.admission === undefined) return;
    const { payer, isAlone } = this.readers;
    if (isAlone && !this.#wasInherited && ending.outcome === 'complete') {
      payer.admission = this.admission;
      return;
    }
    if (end !== undefined) this.observe({ events: [end] });
    const { admission } = this.receipt(ending);
    if (admission !== undefined) payer.admission = { settle: () => admission, claim: () => undefined };
  }

  /** Puts the attempts into the record of the payer: all of them, or only those that are over. */
  bill(all: boolean): void {
    const { payer } = this.readers;
    if (!all) this.#wasInherited = true;
    // Attempts count their time from the start of the first call, and receipts from that of their own.
    const aheadMs = payer.aheadOf(this);
    for (const attempt of this.#attempts)
      if (all || attempt.isOver) payer.add(aheadMs === 0 ? attempt : inTimeOf(attempt, aheadMs));
    this.#attempts = all ? [] : this.#attempts.filter(({ isOver }) => !isOver);
  }
}

const inTimeOf = (attempt: OpenAttempt, aheadMs: number): Parameters<CallRecord['add']>[0] => ({
  onEnd: (ending) => attempt.onEnd(ending),
  record: () => {
    const record = attempt.record();
    return { ...record, startedAfterMs: record.startedAfterMs + aheadMs };
  },
});
