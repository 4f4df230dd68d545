import type { Clock } from '@headrace/core/plugin';

/** Editors and tools write a file in several steps. */
const QUIET_MS = 100;
/** A folder in which something is always written is never quiet. */
const LONGEST_WAIT_MS = 1_000;

/** Tells once of many changes: when nothing has changed for a moment, and at the latest a second after the first. */
export class QuietAlarm {
  #cancel: (() => void) | undefined;
  #latest = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onQuiet: () => void,
  ) {}

  /** Something has changed. */
  heard(): void {
    const now = this.clock.now();
    if (this.#cancel === undefined) this.#latest = now + LONGEST_WAIT_MS;
    this.#cancel?.();
    this.#cancel = this.clock.schedule(Math.max(0, Math.min(QUIET_MS, this.#latest - now)), () => {
      this.#cancel = undefined;
      this.onQuiet();
    });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
