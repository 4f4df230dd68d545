/** A call that can be ended from outside. Its place among the others is kept in the call itself. */
export abstract class RunningCall {
  /** Set by `RunningCalls` alone. */
  before: RunningCall | undefined = undefined;
  after: RunningCall | undefined = undefined;

  abstract cancel(reason: unknown): void;
}

/**
 * The calls of a gateway that are under way, as a linked list. A `Set` that gains and loses a member with every call
 * cost more than the whole pipeline: its storage is rebuilt again and again and keeps finished calls alive meanwhile.
 */
export class RunningCalls {
  #first: RunningCall | undefined;

  add(call: RunningCall): void {
    call.after = this.#first;
    if (this.#first !== undefined) this.#first.before = call;
    this.#first = call;
  }

  /** Idempotent. */
  remove(call: RunningCall): void {
    const { before, after } = call;
    if (before !== undefined) before.after = after;
    else if (this.#first === call) this.#first = after;
    else return;
    if (after !== undefined) after.before = before;
    call.before = undefined;
    call.after = undefined;
  }

  /** Ends all of them. */
  cancel(reason: unknown): void {
    for (let call = this.#first; call !== undefined; call = this.#first) {
      this.remove(call);
      call.cancel(reason);
    }
  }
}
