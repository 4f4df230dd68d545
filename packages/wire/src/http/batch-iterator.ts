import type { EventBatch, StreamEvent } from '@headrace/core/plugin';

type Result = IteratorResult<EventBatch, undefined>;

interface Waiter {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Where the events come from, and what it is told of the reader. */
export interface BatchSource {
  /** The first `next()`. May fail or fill at once. */
  start(): void;
  /** The reader took everything that was there. May bring more at once. */
  taken(): void;
  /** The reader leaves before the end. */
  left(): void;
}

/**
 * The reader's side of one call. Written by hand because a generator cannot be closed while its `next()` is pending:
 * `return()` would wait behind it for ever on a silent upstream.
 */
export class BatchIterator implements AsyncIterableIterator<EventBatch, undefined> {
  readonly #source: BatchSource;
  /** Hardly anybody asks twice before the first answer. */
  #waiter: Waiter | undefined = undefined;
  #laterWaiters: Waiter[] | undefined = undefined;
  #events: StreamEvent[] = [];
  #started = false;
  /** No more events will come. */
  #closed = false;
  /** Kept until somebody asks: a rejected promise made in advance is an unhandled rejection. */
  #failure: { readonly error: unknown } | undefined;
  #done = false;

  constructor(source: BatchSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The events of the next batch so far; whoever adds to it calls `deliver` afterwards. Changes with every batch. */
  get pending(): StreamEvent[] {
    return this.#events;
  }

  next(): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#waiter === undefined) this.#waiter = { resolve, reject };
      else (this.#laterWaiters ??= []).push({ resolve, reject });
      if (!this.#started && !this.#done) {
        this.#started = true;
        this.#source.start();
      }
      this.deliver();
    });
  }

  return(): Promise<Result> {
    if (!this.#done) {
      this.#done = true;
      this.#events = [];
      this.#failure = undefined;
      if (this.#started) this.#source.left();
      this.deliver();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Ends the batches, with an error when one is given. The first call counts. */
  close(failure?: { readonly error: unknown }): void {
    if (this.#closed || this.#done) return;
    this.#closed = true;
    this.#failure = failure;
    this.deliver();
  }

  /** Forgets what nobody has taken. */
  discard(): void {
    this.#events = [];
  }

  /** Hands what there is to whoever waits: batches first, then the error once, then the end. */
  deliver(): void {
    for (let waiter = this.#waiter; waiter !== undefined; waiter = this.#waiter) {
      if (!this.#done && !this.#closed && this.#events.length === 0) return;
      this.#waiter = this.#laterWaiters?.shift();
      if (this.#events.length > 0) {
        waiter.resolve({ done: false, value: { events: this.#take() } });
      } else if (this.#failure !== undefined) {
        const { error } = this.#failure;
        this.#failure = undefined;
        this.#done = true;
        waiter.reject(error);
      } else {
        this.#done = true;
        waiter.resolve({ done: true, value: undefined });
      }
    }
  }

  #take(): readonly StreamEvent[] {
    const events = this.#events;
    // Before the source hears of it: it may bring more at once, and that must not land in a batch handed out.
    this.#events = [];
    if (!this.#closed) this.#source.taken();
    return events;
  }
}
