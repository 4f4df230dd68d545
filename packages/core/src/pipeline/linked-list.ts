/** A member's place in the one list it may be in. Set by that list alone. */
export interface ListPlace<T> {
  before: T | undefined;
  after: T | undefined;
}

/**
 * A list whose members keep their places themselves, for what joins and leaves with every call. A `Set` that gains and
 * loses a member each time cost more than the whole pipeline: its storage is rebuilt again and again and keeps what has
 * left alive meanwhile.
 */
export class LinkedList<T extends ListPlace<T>> {
  #first: T | undefined;

  /** The latest of those that are in the list; the others follow by `after`. */
  get first(): T | undefined {
    return this.#first;
  }

  has(member: T): boolean {
    return member.before !== undefined || this.#first === member;
  }

  /** @param member in no list */
  add(member: T): void {
    member.after = this.#first;
    if (this.#first !== undefined) this.#first.before = member;
    this.#first = member;
  }

  /** Idempotent. */
  remove(member: T): void {
    const { before, after } = member;
    if (before !== undefined) before.after = after;
    else if (this.#first === member) this.#first = after;
    else return;
    if (after !== undefined) after.before = before;
    member.before = undefined;
    member.after = undefined;
  }
}
