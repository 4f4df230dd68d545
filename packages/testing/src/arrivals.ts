interface Waiter<T extends object> {
  readonly index: number;
  readonly resolve: (item: T) => void;
}

/** Things that come one after the other, and those who wait for the nth of them. */
export class Arrivals<T extends object> {
  readonly #items: T[] = [];
  #waiters: Waiter<T>[] = [];

  get items(): readonly T[] {
    return this.#items;
  }

  add(item: T): void {
    const index = this.#items.push(item) - 1;
    const due = this.#waiters.filter((waiter) => waiter.index === index);
    this.#waiters = this.#waiters.filter((waiter) => waiter.index !== index);
    for (const waiter of due) waiter.resolve(item);
  }

  /** The item with this number, from 1: at once when it is there, otherwise as soon as it comes. */
  nth(number: number): Promise<T> {
    if (!Number.isInteger(number) || number < 1) throw new RangeError(`counted from 1, not ${number}`);
    const item = this.#items[number - 1];
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => {
      this.#waiters.push({ index: number - 1, resolve });
    });
  }
}
