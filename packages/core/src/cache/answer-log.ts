import type { EventBatch, ResponseEndEvent, StreamEvent } from '../contract/stream-event.js';
import { isAddress, isOwnEnd, isSaying } from './cached-answer.js';
import { bytesOf } from './copy-of.js';
import { ownEvent } from './kept-event.js';

const isRaw = ({ type }: StreamEvent): boolean => type === 'raw';

/** Batches taken off at once: one by one would move all others each time. */
const TRIM = 64;
/** Memory of a batch beside its events, as estimated. */
const OVERHEAD = 64;

interface Logged {
  readonly kept: readonly StreamEvent[];
  /** As it came, until the first reader has it: copies are for those who come after it. */
  original: EventBatch | undefined;
  /** Bytes up to its end. */
  readonly upTo: number;
}

/**
 * What has come of an answer that several read. All of it as long as it is small enough to be kept; of a larger one only
 * what somebody has still to read.
 */
export class AnswerLog {
  #logged: Logged[] = [];
  /** Batches taken off at the start. */
  #trimmed = 0;
  #bytes = 0;
  #end: ResponseEndEvent | undefined;
  #saysSomething = false;
  #hasAddress = false;

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** The proof of the end, once it has come. Its first reader has it too. */
  get end(): ResponseEndEvent | undefined {
    return this.#end;
  }

  /** Whether it can still be read from the start. */
  get isWhole(): boolean {
    return this.#bytes <= this.maxBytes;
  }

  add(batch: EventBatch): void {
    const { events } = batch;
    const kept = events.map(ownEvent);
    this.#bytes += OVERHEAD;
    for (const one of kept) this.#bytes += bytesOf(one);
    for (const event of events) {
      this.#saysSomething ||= isSaying(event);
      this.#hasAddress ||= isAddress(event);
    }
    // Without the wire bytes: they would be another copy of everything.
    const original = batch.wire === undefined ? batch : { events };
    this.#logged.push({ kept, original, upTo: this.#bytes });
    const last = events.at(-1);
    if (last?.type === 'response-end') this.#end = last;
  }

  /** The batch at a position, from 0, and the reader's own; undefined when it has not come. */
  at(position: number): EventBatch | undefined {
    const logged = this.#logged[position - this.#trimmed];
    if (logged === undefined) return undefined;
    const { original } = logged;
    if (original === undefined) return { events: logged.kept.map(ownEvent) };
    logged.original = undefined;
    return original;
  }

  /** Bytes that have come beyond the first unread batch of a reader at this position: one batch alone is no lag. */
  lag(position: number): number {
    const first = this.#logged[position - this.#trimmed];
    return first === undefined ? 0 : this.#bytes - first.upTo;
  }

  /** Lets go of what nobody before `position` has still to read, if the answer is too large to be kept. */
  trim(position: number): void {
    if (this.isWhole) return;
    const count = Math.min(position - this.#trimmed, this.#logged.length);
    if (count < TRIM && count < this.#logged.length) return;
    this.#logged.splice(0, count);
    this.#trimmed += count;
  }

  /** Whether it may be given again: all of it is there, it came to its own end, says something, and holds no address. */
  get isWorthKeeping(): boolean {
    if (!this.isWhole || this.#end === undefined || !isOwnEnd(this.#end) || this.#hasAddress) return false;
    return this.#saysSomething || this.#end.result !== undefined;
  }

  /** The answer without frames that have no place in the contract. */
  toKeep(): readonly (readonly StreamEvent[])[] {
    const all: (readonly StreamEvent[])[] = [];
    for (const { kept } of this.#logged) {
      const events = kept.some(isRaw) ? kept.filter((event) => !isRaw(event)) : kept;
      if (events.length > 0) all.push(events);
    }
    return all;
  }
}
