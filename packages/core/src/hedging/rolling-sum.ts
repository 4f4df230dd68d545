const BUCKETS = 60;

/**
 * What was added over a span of time, in sixty buckets. An amount counts for at least the whole span and at most a
 * sixtieth longer, so that a limit on the sum holds over any such span.
 */
export class RollingSum {
  readonly #amounts = new Float64Array(BUCKETS + 1);
  readonly #bucketMs: number;
  /** Number of the newest bucket, counted from the zero of the clock. */
  #newest = 0;

  constructor(spanMs: number) {
    this.#bucketMs = spanMs / BUCKETS;
  }

  /** @param at when; an amount, which may be negative, of a time that is out of the span is not missed */
  add(at: number, amount: number): void {
    const bucket = Math.floor(at / this.#bucketMs);
    this.#moveTo(bucket);
    if (bucket < this.#newest - BUCKETS) return;
    const place = bucket % this.#amounts.length;
    this.#amounts[place] = (this.#amounts[place] ?? 0) + amount;
  }

  /** At a time not before the last one given. */
  sum(now: number): number {
    this.#moveTo(Math.floor(now / this.#bucketMs));
    let sum = 0;
    for (const amount of this.#amounts) sum += amount;
    return sum;
  }

  #moveTo(bucket: number): void {
    if (bucket <= this.#newest) return;
    const passed = Math.min(bucket - this.#newest, this.#amounts.length);
    for (let step = 0; step < passed; step += 1) this.#amounts[(bucket - step) % this.#amounts.length] = 0;
    this.#newest = bucket;
  }
}
