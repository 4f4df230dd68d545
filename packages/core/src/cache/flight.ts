import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { EventBatch } from '../contract/stream-event.js';
import { TimeoutError } from '../errors/clock-errors.js';
import { copyOfError } from '../errors/copy-of-error.js';
import { OverloadedError } from '../errors/upstream-errors.js';
import type { CallRecord } from '../pipeline/call-record.js';
import { CallScope } from '../pipeline/call-scope.js';
import { leaveIterator } from '../pipeline/leave-iterator.js';
import { COMPLETE, type Ending, type OpenStream, type Source } from '../pipeline/stage.js';
import { AnswerLog } from './answer-log.js';
import type { CachedAnswer } from './cached-answer.js';
import { copyOf } from './copy-of.js';
import { type FlightReaders, FlightRecord } from './flight-record.js';
import { keptWarnings } from './kept-warnings.js';
import { Participant, type SharedAnswer } from './participant.js';

/** What all flights of one source have in common. */
export interface FlightTerms {
  readonly next: Source;
  readonly clock: Clock;
  /** The most that is held of the answer, and that a reader may lag behind; in bytes. */
  readonly maxBytes: number;
  /** Nobody else is to join: it is over, or too large to be begun anew. */
  onClosed(flight: Flight): void;
  /** The answer is whole, and may be given again. */
  onWhole(flight: Flight, answer: CachedAnswer): void;
}

/** What a flight is found by, and its answer afterwards. */
export interface FlightKeys {
  readonly answer: string;
  readonly flight: string;
}

/**
 * One upstream call whose answer several calls read, each from its start. It belongs to none of them: it ends early only
 * when all have left. Its bill goes to the first, and from that one to the next when it leaves before the end.
 */
export class Flight implements SharedAnswer, FlightReaders {
  readonly #askedAt: number;
  readonly #record: FlightRecord;
  readonly #scope: CallScope;
  readonly #log: AnswerLog;
  readonly #readers = new Set<Participant>();
  #payer: Participant;
  #latest: Participant | undefined;
  #open: OpenStream | undefined;
  #opening: Promise<void> = Promise.resolve();
  #ending: Ending | undefined;
  #isPulling = false;

  constructor(
    private readonly terms: FlightTerms,
    readonly keys: FlightKeys,
    private readonly request: ModelRequest,
    first: CallScope,
  ) {
    const { clock, maxBytes } = terms;
    this.#askedAt = clock.epochMs();
    this.#log = new AnswerLog(maxBytes);
    this.#record = new FlightRecord(clock, first.facts.record, this);
    this.#scope = new CallScope({ ...first.facts, record: this.#record, shared: this });
    this.#payer = new Participant(first, this, clock);
    this.#add(this.#payer, 'miss');
  }

  /** The latest deadline of those who wait: none is to end because another one has less time. */
  get deadline(): number {
    return this.#latest?.scope.deadline ?? Number.POSITIVE_INFINITY;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  get payer(): CallRecord {
    return this.#payer.scope.facts.record;
  }

  get isAlone(): boolean {
    return this.#readers.size === 1 && this.#readers.has(this.#payer);
  }

  *records(): IterableIterator<CallRecord> {
    for (const { scope } of this.#readers) yield scope.facts.record;
  }

  /** Begins the upstream call for its first reader. Once. */
  start(): Promise<OpenStream> {
    const opening = this.#payer.open();
    try {
      this.#opening = this.terms.next(this.request, this.#scope).then(this.#onOpen, this.#onError);
    } catch (error) {
      this.#onError(error);
    }
    return opening;
  }

  join(scope: CallScope): Promise<OpenStream> {
    const participant = new Participant(scope, this, this.terms.clock);
    this.#add(participant, 'shared');
    for (const warning of this.#record.warnings) scope.facts.record.warn(warning);
    for (const skipped of this.#record.skipped) scope.facts.record.skip(skipped);
    const opening = participant.open();
    if (this.#open !== undefined) this.#show(participant);
    return opening;
  }

  #add(participant: Participant, status: 'miss' | 'shared'): void {
    const { scope } = participant;
    this.#readers.add(participant);
    if (scope.deadline > (this.#latest?.scope.deadline ?? Number.NEGATIVE_INFINITY)) this.#latest = participant;
    scope.facts.record.noteCache({ status });
  }

  at(position: number): EventBatch | undefined {
    return this.#log.at(position);
  }

  pull(): void {
    const { rest, taps } = this.#open ?? {};
    if (rest === undefined || this.#isPulling || this.#ending !== undefined) return;
    this.#isPulling = true;
    try {
      for (const tap of taps ?? []) tap.onPull?.();
      rest.next().then(this.#onStep, this.#onError);
    } catch (error) {
      this.#onError(error);
    }
  }

  errorFor(participant: Participant, error: unknown): unknown {
    const isDeadline = error instanceof TimeoutError && error.clock === 'deadline';
    if (isDeadline && error.limitMs !== participant.scope.facts.timeoutMs) return participant.overdue();
    return participant === this.#payer ? error : copyOfError(error);
  }

  done(participant: Participant): void {
    this.#readers.delete(participant);
  }

  leave(participant: Participant, ending: Ending): Promise<void> | undefined {
    this.#readers.delete(participant);
    // The bill of one that has ended is made out.
    if (this.#ending !== undefined) return undefined;
    const [heir] = this.#readers;
    if (heir !== undefined) {
      if (participant === this.#latest) this.#latest = this.#withMostTime();
      if (participant === this.#payer) this.#payNext(heir);
      return undefined;
    }
    this.terms.onClosed(this);
    this.#scope.cancel(ending.outcome === 'failed' ? ending.error : ending.outcome === 'cancelled' && ending.reason);
    // Its receipt may be made at once, and has the attempts that are under way; if it can wait, with their own ending.
    this.#record.bill(true);
    if (this.#open === undefined) return this.#opening;
    leaveIterator(this.#open.rest);
    this.#finish(ending);
    return undefined;
  }

  #withMostTime(): Participant | undefined {
    let most: Participant | undefined;
    for (const one of this.#readers) if (most === undefined || one.scope.deadline > most.scope.deadline) most = one;
    return most;
  }

  #payNext(heir: Participant): void {
    this.#record.bill(false);
    this.#payer = heir;
    heir.scope.facts.record.noteCache({ status: 'miss' });
  }

  #show(participant: Participant): void {
    const { scope } = participant;
    const { target } = this.#record;
    scope.target = this.#scope.target;
    if (target !== undefined) scope.facts.record.commit(target);
    participant.onOpen();
  }

  readonly #onOpen = (open: OpenStream): void => {
    if (this.#ending !== undefined || this.#readers.size === 0) {
      const ending: Ending = this.#ending ?? { outcome: 'cancelled', reason: this.#scope.cancelReason };
      for (const tap of open.taps) tap.onEnd?.(ending);
      leaveIterator(open.rest);
      this.#finish(ending);
      return;
    }
    this.#open = open;
    try {
      for (const batch of open.held) this.#take(batch);
      if (open.rest === undefined) this.#finish(COMPLETE);
    } catch (error) {
      this.#onError(error);
    }
    for (const participant of this.#readers) this.#show(participant);
  };

  readonly #onStep = (step: IteratorResult<EventBatch, unknown>): void => {
    this.#isPulling = false;
    if (this.#ending !== undefined) return;
    if (step.done === true) {
      this.#finish(COMPLETE);
      return;
    }
    try {
      this.#take(step.value);
    } catch (error) {
      this.#onError(error);
      return;
    }
    this.#tell();
    // Whoever has read the end need not come back for the proof that nothing follows.
    if (this.#log.end !== undefined) this.pull();
  };

  readonly #onError = (error: unknown): void => {
    this.#isPulling = false;
    if (this.#ending === undefined) leaveIterator(this.#open?.rest);
    const { cancelled, cancelReason } = this.#scope;
    this.#finish(
      cancelled && error === cancelReason ? { outcome: 'cancelled', reason: error } : { outcome: 'failed', error },
    );
  };

  #take(batch: EventBatch): void {
    for (const tap of this.#open?.taps ?? []) tap.onBatch?.(batch);
    const wasWhole = this.#log.isWhole;
    this.#log.add(batch);
    if (wasWhole && !this.#log.isWhole) this.terms.onClosed(this);
  }

  #tell(): void {
    let least = Number.POSITIVE_INFINITY;
    for (const participant of this.#readers) {
      participant.onNews();
      if (this.#log.lag(participant.position) > this.terms.maxBytes) participant.drop(this.#tooSlow());
      else least = Math.min(least, participant.position);
    }
    this.#log.trim(least);
  }

  #tooSlow(): OverloadedError {
    const message = `This reader fell more than ${this.terms.maxBytes} bytes behind the others who share its answer. Read faster, raise \`cache.maxEntryBytes\`, or call with \`cache: false\`.`;
    return new OverloadedError(message);
  }

  #finish(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    for (const tap of this.#open?.taps ?? []) tap.onEnd?.(ending);
    this.#record.bill(true);
    this.#record.settle(ending, this.#log.end);
    this.terms.onClosed(this);
    if (ending.outcome === 'complete') this.#keep();
    for (const participant of this.#readers) participant.onNews();
  }

  #keep(): void {
    const { end } = this.#log;
    // What an answer that was put together took is the sum of its attempts: it cannot be said of one that is given again.
    if (end === undefined || this.#record.wasRecovered) return;
    const { target, warnings } = this.#record;
    const cost = copyOf(this.#record.costOf(end, target));
    for (const one of this.#readers)
      if (one !== this.#payer) one.scope.facts.record.noteCache({ status: 'shared', ...(cost && { cost }) });
    if (!this.#log.isWorthKeeping) return;
    this.terms.onWhole(this, {
      batches: this.#log.toKeep(),
      servedBy: target === undefined ? undefined : { provider: target.provider.id, model: target.model },
      warnings: keptWarnings(warnings),
      cost,
      askedAt: this.#askedAt,
      storedAt: this.terms.clock.epochMs(),
      bytes: this.#log.bytes,
    });
  }
}
