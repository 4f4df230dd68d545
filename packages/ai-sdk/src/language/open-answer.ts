import type { SharedV4Warning } from '@ai-sdk/provider';
import { type CompletionStream, isContent, type Receipt, type StreamEvent } from '@headrace/core';
import { warningOf } from '../shared/warnings.js';
import type { AnswerParts, Part } from './answer-parts.js';

/** One answer that is being read. */
export class OpenAnswer {
  readonly #events: AsyncIterator<StreamEvent, undefined>;

  constructor(
    private readonly stream: CompletionStream<unknown>,
    readonly parts: AnswerParts,
  ) {
    this.#events = stream[Symbol.asyncIterator]() as AsyncIterator<StreamEvent, undefined>;
  }

  /**
   * Reads up to the first content, or to the end of an answer that has none: what fails before has no answer to be part of.
   * Appends what is known by then.
   * @returns the warnings so far; later ones are in the receipt
   */
  async begin(parts: Part[]): Promise<readonly SharedV4Warning[]> {
    const warnings: SharedV4Warning[] = [];
    for (;;) {
      const step = await this.#events.next();
      if (step.done === true) return warnings;
      const event = step.value;
      if (event.type === 'warning') warnings.push(warningOf(event.warning));
      else this.parts.take(event, parts);
      if (isContent(event)) return warnings;
    }
  }

  /** What comes next, at least one part; undefined when there is no more. */
  async next(): Promise<readonly Part[] | undefined> {
    const parts: Part[] = [];
    while (parts.length === 0) {
      const step = await this.#events.next();
      if (step.done === true) return undefined;
      this.parts.take(step.value, parts);
    }
    return parts;
  }

  /** Settles when the call is over. */
  get receipt(): Promise<Receipt> {
    return this.stream.receipt;
  }

  /** Ends the call, down to the socket. */
  async leave(): Promise<void> {
    await this.#events.return?.();
  }
}
