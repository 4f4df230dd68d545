/**
 * What was added over the last slots of time, the one that is being filled included: an amount counts for one slot less
 * than there are, at least, and for all of them at most.
 */
export class SlotSum {
  readonly #amounts: Float64Array;
  /** Number of the newest slot, counted from the zero of the clock. */
  #newest = 0;

  constructor(
    private readonly slotMs: number,
    slots: number,
  ) {
    this.#amounts = new Float64Array(slots);
  }

  /** @param at when; an amount, which may be negative, of a time that is out of the slots is not missed */
  add(at: number, amount: number): void {
    const slot = Math.floor(at / this.slotMs);
    this.#moveTo(slot);
    if (slot <= this.#newest - this.#amounts.length) return;
    const place = slot % this.#amounts.length;
    this.#amounts[place] = (this.#amounts[place] ?? 0) + amount;
  }

  /** At a time not before the last one given. */
  sum(now: number): number {
    this.#moveTo(Math.floor(now / this.slotMs));
    let sum = 0;
    for (const amount of this.#amounts) sum += amount;
    return sum;
  }

  clear(): void {
    this.#amounts.fill(0);
  }

  #moveTo(slot: number): void {
    if (slot <= this.#newest) return;
    const passed = Math.min(slot - this.#newest, this.#amounts.length);
    for (let step = 0; step < passed; step += 1) this.#amounts[(slot - step) % this.#amounts.length] = 0;
    this.#newest = slot;
  }
}
