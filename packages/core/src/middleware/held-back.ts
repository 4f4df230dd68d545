import type { StreamEvent } from '../contract/stream-event.js';

/** What one middleware has been shown and not handed on yet, as long as it hands on what it was shown. */
export class HeldBack {
  /** It handed on something else, or left something out: what it holds back is not known any more. */
  hasChanged = false;
  #events: StreamEvent[] = [];

  get events(): readonly StreamEvent[] {
    return this.#events;
  }

  /** Takes note of what was handed on when these were shown. */
  note(shown: readonly StreamEvent[], handedOn: readonly unknown[]): void {
    if (this.hasChanged || (shown === handedOn && this.#events.length === 0)) return;
    for (const event of shown) this.#events.push(event);
    this.hasChanged = !handedOn.every((event, at) => event === this.#events[at]);
    this.#events.splice(0, this.hasChanged ? this.#events.length : handedOn.length);
    if (shown.at(-1)?.type === 'response-end' && this.#events.length > 0) this.hasChanged = true;
  }
}
