import { isDeepStrictEqual } from 'node:util';
import type { EventBatch, ModelRequest } from '@headrace/core/plugin';
import { type Deferred, deferred } from '../../../deferred.js';

/** What one look at the answer gave. */
export type Outcome = { readonly result: IteratorResult<EventBatch> } | { readonly error: unknown };

/** By then everything has happened that waits for nothing outside. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const DONE: IteratorResult<EventBatch> = { done: true, value: undefined };

/** What it gave, given again. */
export const given = (outcome: Outcome): IteratorResult<EventBatch> => {
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
};

const isLast = (outcome: Outcome): boolean => 'error' in outcome || outcome.result.done === true;

const isSame = (one: Outcome, other: Outcome): boolean => {
  if ('error' in one || 'error' in other) return 'error' in one && 'error' in other && one.error === other.error;
  return isDeepStrictEqual([one.result.done === true, one.result.value], [other.result.done === true, other.result.value]);
};

/** One call of a mutant, whose inner call is fed with what the real one gives. */
export class ShadowCall {
  batches: AsyncIterable<EventBatch> | undefined;
  #iterator: AsyncIterator<EventBatch> | undefined;
  /** What the mutant waits for. */
  #wanted: Deferred<Outcome> | undefined;
  #outcome: Outcome | undefined;
  #isAsking = false;
  #isTaken = false;
  #isBegun = false;
  #isOver = false;
  #isLeaving = false;
  #isTold = false;

  constructor(
    private readonly request: ModelRequest,
    private readonly tellOutside: () => void,
  ) {}

  /** The inner call, once, for the same request. */
  feedFor(request: ModelRequest): AsyncIterable<EventBatch> | undefined {
    if (this.#isTaken || request !== this.request) return undefined;
    this.#isTaken = true;
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#want(), return: () => this.#letGo() }) };
  }

  open(): void {
    this.#iterator = this.batches?.[Symbol.asyncIterator]();
  }

  ask(): void {
    if (this.#isTold) return;
    this.#outcome = undefined;
    this.#isAsking = true;
    this.#iterator?.next().then(
      (result) => {
        this.#outcome = { result };
      },
      (error: unknown) => {
        this.#outcome = { error };
      },
    );
  }

  feed(outcome: Outcome): void {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted === undefined) {
      if (!this.#isOver) this.#tell();
      return;
    }
    this.#isOver ||= isLast(outcome);
    wanted.resolve(outcome);
  }

  compare(outcome: Outcome): void {
    this.#isAsking = false;
    if (this.#outcome === undefined || this.#wanted !== undefined || !isSame(this.#outcome, outcome)) this.#tell();
  }

  async leave(): Promise<void> {
    if (this.#isTold) return;
    this.#isLeaving = true;
    await this.#iterator?.return?.();
    if (this.#isBegun && !this.#isOver) this.#tell();
  }

  #want(): Promise<IteratorResult<EventBatch>> {
    if (!this.#isAsking || this.#isTold || this.#wanted !== undefined) {
      this.#tell();
      return Promise.resolve(DONE);
    }
    this.#isBegun = true;
    this.#wanted = deferred();
    return this.#wanted.promise.then(given);
  }

  #letGo(): Promise<IteratorResult<EventBatch>> {
    if (!this.#isLeaving) this.#tell();
    this.#isOver = true;
    return Promise.resolve(DONE);
  }

  #tell(): void {
    this.#isTold = true;
    this.tellOutside();
  }
}
