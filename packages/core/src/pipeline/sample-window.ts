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
    const isFull = this.#count === this.most;
    const place = isFull ? this.#oldest : (this.#oldest + this.#count) % this.most;
    const gap = isFull ? this.#rankOf(this.#values[place] ?? 0) : this.#count;
    if (isFull) {
      this.#forget();
      this.#oldest = (this.#oldest + 1) % this.most;
    }
    this.#fill(gap, value);
    this.#values[place] = value;
    this.#times[place] = at;
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
    const rank = this.#rankOf(this.#values[this.#oldest] ?? 0);
    this.#sorted.copyWithin(rank, rank + 1, this.#count);
    this.#forget();
    this.#oldest = (this.#oldest + 1) % this.most;
  }

  /** Counts the oldest no more. */
  #forget(): void {
    this.#count -= 1;
    if (this.#values[this.#oldest] !== Number.POSITIVE_INFINITY) this.#finite -= 1;
  }

  /** Puts a number where it belongs in order of size, and moves those between there and a gap. */
  #fill(gap: number, value: number): void {
    const sorted = this.#sorted;
    let at = gap;
    // By hand: a few numbers move, and two calls of `copyWithin` cost more than that.
    for (; at > 0 && (sorted[at - 1] ?? 0) > value; at -= 1) sorted[at] = sorted[at - 1] ?? 0;
    for (; at < this.#count && (sorted[at + 1] ?? 0) < value; at += 1) sorted[at] = sorted[at + 1] ?? 0;
    sorted[at] = value;
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
