import type { StreamEvent } from '../../contract/stream-event.js';

/** UTF-16 code units of text that are kept for a recovery; a longer answer has none. */
export const MOST_KEPT = 1_048_576;

/** What the caller has of an answer, and why that cannot be gone on from, if it cannot. */
export class DeliveredText {
  #text = '';
  #obstacle: string | undefined;
  /** UTF-16 code units of text, kept or not. */
  characters = 0;

  constructor(private readonly most = MOST_KEPT) {}

  get text(): string {
    return this.#text;
  }

  /** In words behind "recovery was not tried: ". */
  get obstacle(): string | undefined {
    return this.#obstacle;
  }

  add(events: readonly StreamEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'text-delta':
          this.#addText(event.text);
          break;
        case 'reasoning-delta':
          if (event.text !== '' || event.details !== undefined) this.#forbid('reasoning had been delivered');
          break;
        case 'tool-call-start':
        case 'tool-call-delta':
        case 'tool-call-end':
        case 'tool-result':
          this.#forbid('a tool call had been delivered');
          break;
        case 'file':
          this.#forbid('a file had been delivered');
          break;
        case 'citation':
          this.#forbid('a citation had been delivered');
          break;
        case 'response-start':
        case 'response-end':
        case 'warning':
        case 'raw':
          break;
      }
    }
  }

  #addText(text: string): void {
    this.characters += text.length;
    if (this.#obstacle !== undefined) return;
    if (this.characters > this.most) this.#forbid(`more than ${this.most} characters had been delivered`);
    else this.#text += text;
  }

  #forbid(obstacle: string): void {
    this.#obstacle ??= obstacle;
    this.#text = '';
  }
}
