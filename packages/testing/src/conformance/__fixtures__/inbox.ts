import type { EventBatch } from '@headrace/core/plugin';

/** What has come and what is waited for. */
export class Inbox {
  #batches: EventBatch[] = [];
  #failure: { readonly error: unknown } | undefined;
  #over = false;
  #wake: (() => void) | undefined;
  /** Called when a reader has taken all there was. */
  onEmpty: () => void = () => undefined;

  get waiting(): number {
    return this.#batches.length;
  }

  put(batch: EventBatch): void {
    if (this.#failure === undefined && batch.events.length > 0) this.#batches.push(batch);
    this.#wake?.();
  }

  dropFirst(): void {
    this.#batches.shift();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  drop(): void {
    this.#batches = [];
  }

  end(): void {
    this.#over = true;
    this.#wake?.();
  }

  async take(): Promise<EventBatch | undefined> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) {
        if (this.#batches.length === 0) this.onEmpty();
        return batch;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
