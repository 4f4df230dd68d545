import type { EventBatch } from '@headrace/core/plugin';

type Step = IteratorResult<string, undefined>;

const DONE: Step = { done: true, value: undefined };

/** The text of an answer, piece by piece, from its batches. */
export class TextPieces implements AsyncIterator<string, undefined> {
  readonly #batches: AsyncIterator<EventBatch>;
  #pieces: string[] = [];
  #place = 0;
  #isWhole = false;
  /** The step under way: those asked for meanwhile wait for it, so that no two read from the same batch. */
  #last: Promise<Step> | undefined;

  constructor(batches: AsyncIterable<EventBatch>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  next(): Promise<Step> {
    const advance = (): Promise<Step> => this.#advance();
    const step = this.#last === undefined ? advance() : this.#last.then(advance, advance);
    this.#last = step;
    const settled = (): void => {
      if (this.#last === step) this.#last = undefined;
    };
    step.then(settled, settled);
    return step;
  }

  async return(): Promise<Step> {
    await this.#batches.return?.();
    return DONE;
  }

  async #advance(): Promise<Step> {
    while (this.#place >= this.#pieces.length) {
      // What may follow is of use to the connection only, and some servers never send it.
      if (this.#isWhole) return DONE;
      const step = await this.#batches.next();
      if (step.done === true) return DONE;
      this.#place = 0;
      this.#isWhole = step.value.events.at(-1)?.type === 'response-end';
      this.#pieces = step.value.events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
    }
    const value = this.#pieces[this.#place] ?? '';
    this.#place += 1;
    return { done: false, value };
  }
}

/**
 * A generator of text over a source that is opened by the first `next()`. Written by hand: a generator function cannot
 * be left while it waits, since its `return()` queues behind the pending `next()`; this one closes the source at once.
 */
export class TextStream implements AsyncGenerator<string, undefined, undefined> {
  readonly #open: () => Promise<AsyncIterator<string>>;
  readonly #release: () => void;
  #opening: Promise<AsyncIterator<string>> | undefined;
  #source: AsyncIterator<string> | undefined;
  #isOver = false;

  /** @param release called once, when the stream is over, however it ended. */
  constructor(open: () => Promise<AsyncIterator<string>>, release: () => void) {
    this.#open = open;
    this.#release = release;
  }

  async next(): Promise<Step> {
    if (this.#isOver) return DONE;
    try {
      this.#opening ??= this.#open();
      const source = await this.#opening;
      this.#source = source;
      const step: IteratorResult<string, unknown> = this.#isOver ? DONE : await source.next();
      if (step.done !== true && !this.#isOver) return { done: false, value: step.value };
      this.#finish();
      return DONE;
    } catch (error) {
      if (this.#isOver) return DONE;
      this.#finish();
      throw error;
    }
  }

  async return(): Promise<Step> {
    if (this.#isOver) return DONE;
    this.#isOver = true;
    this.#release();
    // One that is still being opened is closed when it is there; nobody waits for that.
    if (this.#source === undefined) this.#opening?.then((source) => source.return?.()).catch(() => {});
    else await this.#source.return?.();
    return DONE;
  }

  async throw(error: unknown): Promise<Step> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#release();
  }
}
