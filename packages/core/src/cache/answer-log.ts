import type { EventBatch, ResponseEndEvent, StreamEvent } from '../contract/stream-event.js';
import { copyOfBatch } from './cached-answer.js';
import { bytesOf } from './copy-of.js';

/** Batches taken off at once: one by one would move all others each time. */
const TRIM = 64;

const isRaw = ({ type }: StreamEvent): boolean => type === 'raw';

interface Logged {
  readonly batch: EventBatch;
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

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** The proof of the end, once it has come. */
  get end(): ResponseEndEvent | undefined {
    return this.#end;
  }

  /** Whether it can still be read from the start. */
  get isWhole(): boolean {
    return this.#bytes <= this.maxBytes;
  }

  add(batch: EventBatch): void {
    // Without the wire bytes: they would be another copy of everything.
    const kept = copyOfBatch(batch);
    this.#bytes += bytesOf(kept.events);
    const original = batch.wire === undefined ? batch : { events: batch.events };
    this.#logged.push({ batch: kept, original, upTo: this.#bytes });
    const last = kept.events.at(-1);
    if (last?.type === 'response-end') this.#end = last;
  }

  /** The batch at a position, from 0, and the reader's own; undefined when it has not come. */
  at(position: number): EventBatch | undefined {
    const logged = this.#logged[position - this.#trimmed];
    if (logged === undefined) return undefined;
    const { original } = logged;
    if (original === undefined) return copyOfBatch(logged.batch);
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

  /** The answer without frames that have no place in the contract. */
  toKeep(): readonly EventBatch[] {
    const kept: EventBatch[] = [];
    for (const { batch } of this.#logged) {
      const events = batch.events.some(isRaw) ? batch.events.filter((event) => !isRaw(event)) : batch.events;
      if (events.length > 0) kept.push(events === batch.events ? batch : { events });
    }
    return kept;
  }
}
