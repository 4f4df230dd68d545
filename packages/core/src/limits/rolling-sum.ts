import type { Sum } from './sum.js';

const SLOT_MS = 1_000;
/** A minute, and the slot that is being filled. */
const SLOTS = 61;

/**
 * Sums over the last minute, in slots of one second. A slot counts until its last moment is a minute old: what it holds
 * counts for 60 s at least, so that no span of 60 s ever sees more than the limit.
 */
export class RollingSum implements Sum {
  readonly #used = new Float64Array(SLOTS);
  readonly #reserved = new Float64Array(SLOTS);
  readonly #underestimated = new Float64Array(SLOTS);
  #current = 0;
  used = 0;
  reserved = 0;
  underestimated = 0;

  advance(now: number): void {
    const slot = Math.floor(now / SLOT_MS);
    const passed = slot - this.#current;
    if (passed <= 0) return;
    for (let step = 1; step <= Math.min(passed, SLOTS); step += 1) this.#clear((this.#current + step) % SLOTS);
    this.#current = slot;
  }

  take(amount: number): number {
    const at = this.#current % SLOTS;
    this.#reserved[at] = (this.#reserved[at] ?? 0) + amount;
    this.reserved += amount;
    return this.#current;
  }

  settle(period: number, reserved: number, used: number): void {
    if (period <= this.#current - SLOTS) return;
    const at = period % SLOTS;
    this.#reserved[at] = (this.#reserved[at] ?? 0) - reserved;
    this.#used[at] = (this.#used[at] ?? 0) + used;
    this.reserved -= reserved;
    this.used += used;
    const more = Math.max(0, used - reserved);
    this.#underestimated[at] = (this.#underestimated[at] ?? 0) + more;
    this.underestimated += more;
  }

  get period(): number {
    return this.#current;
  }

  freesInMs(now: number, room: number): number | undefined {
    let left = this.used + this.reserved;
    for (let slot = this.#current - SLOTS + 1; slot <= this.#current; slot += 1) {
      // The ring is in use from slot 0 on.
      if (slot < 0) continue;
      const at = slot % SLOTS;
      left -= (this.#used[at] ?? 0) + (this.#reserved[at] ?? 0);
      if (left <= room) return Math.max(0, (slot + SLOTS) * SLOT_MS - now);
    }
    return undefined;
  }

  #clear(at: number): void {
    this.used -= this.#used[at] ?? 0;
    this.reserved -= this.#reserved[at] ?? 0;
    this.underestimated -= this.#underestimated[at] ?? 0;
    this.#used[at] = 0;
    this.#reserved[at] = 0;
    this.#underestimated[at] = 0;
  }
}
