import type { SharedV4Warning } from '@ai-sdk/provider';
import { answerEnd } from './answer-end.js';
import type { Part } from './answer-parts.js';
import type { OpenAnswer } from './open-answer.js';

/** The parts of an answer as the source of a stream that is read at its reader's pace. */
export class PartSource {
  #head: readonly Part[] | undefined;

  constructor(
    private readonly answer: OpenAnswer,
    private readonly failureOf: (error: unknown) => unknown,
    private readonly signal: AbortSignal | undefined,
    warnings: readonly SharedV4Warning[],
    head: readonly Part[],
  ) {
    this.#head = [{ type: 'stream-start', warnings: [...warnings] }, ...head];
  }

  async pull(controller: ReadableStreamDefaultController<Part>): Promise<void> {
    const head = this.#head;
    this.#head = undefined;
    try {
      const parts = head ?? (await this.answer.next());
      for (const part of parts ?? []) controller.enqueue(part);
      if (parts === undefined) await this.#finish(controller);
    } catch (error) {
      this.#fail(error, controller);
    }
  }

  cancel(): Promise<void> {
    return this.answer.leave();
  }

  async #finish(controller: ReadableStreamDefaultController<Part>): Promise<void> {
    const { end } = this.answer.parts;
    // Without the proof there is no end to tell of; the gateway throws then, so only a reader that left gets here.
    if (end !== undefined) controller.enqueue({ type: 'finish', ...answerEnd(end, await this.answer.receipt) });
    controller.close();
  }

  #fail(error: unknown, controller: ReadableStreamDefaultController<Part>): void {
    const failure = this.failureOf(error);
    // Told twice: the part reaches `onError` and clients of a UI stream, the broken stream everybody who waits for the answer.
    if (this.signal?.aborted !== true) controller.enqueue({ type: 'error', error: failure });
    controller.error(failure);
  }
}
