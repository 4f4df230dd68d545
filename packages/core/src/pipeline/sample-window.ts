/**
 * The newest numbers of a series, in the order in which they came and in order of size, so that any quantile of them is
 * exact and at hand. Infinity is a number that never came.
 */
export class SampleWindow {
  readonly #values: Float64Array;
  readonly #times: Float64Array;
  readonly #sorted: Float64Array;
  #oldest = 0;
  #count = 0;
  #finite = 0;

  /** @param most how many are kept: an integer >= 1 */
  constructor(private readonly most: number) {
    this.#values = new Float64Array(most);
    this.#times = new Float64Array(most);
    this.#sorted = new Float64Array(most);
  }

  get count(): number {
    return this.#count;
  }

  /** Those that are not Infinity. */
  get finite(): number {
    return this.#finite;
  }

  /** In place of the oldest when there is no room. @param at when it came; never before the one added last */
  add(value: number, at: number): void {
    if (this.#count === this.most) this.#drop();
    const place = (this.#oldest + this.#count) % this.most;
    this.#values[place] = value;
    this.#times[place] = at;
    const rank = this.#rankOf(value);
    this.#sorted.copyWithin(rank + 1, rank, this.#count);
    this.#sorted[rank] = value;
    this.#count += 1;
    if (value !== Number.POSITIVE_INFINITY) this.#finite += 1;
  }

  /** Drops what came before a time. */
  expire(before: number): void {
    while (this.#count > 0 && (this.#times[this.#oldest] ?? 0) < before) this.#drop();
  }

  /** The smallest number that the share `q` of the smallest `of` numbers does not exceed; undefined without any. @param q 0–1 */
  quantile(q: number, of = this.#count): number | undefined {
    return of === 0 ? undefined : this.#sorted[Math.max(0, Math.ceil(q * of) - 1)];
  }

  #drop(): void {
    const value = this.#values[this.#oldest] ?? 0;
    const rank = this.#rankOf(value);
    this.#sorted.copyWithin(rank, rank + 1, this.#count);
    this.#oldest = (this.#oldest + 1) % this.most;
    this.#count -= 1;
    if (value !== Number.POSITIVE_INFINITY) this.#finite -= 1;
  }

  /** How many are smaller. */
  #rankOf(value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
