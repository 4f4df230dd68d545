import { LinkedList, type ListPlace } from './linked-list.js';

/** A call that can be ended from outside. */
export abstract class RunningCall implements ListPlace<RunningCall> {
  before: RunningCall | undefined = undefined;
  after: RunningCall | undefined = undefined;

  abstract cancel(reason: unknown): void;
}

/** The calls of a gateway that are under way. */
export class RunningCalls {
  readonly #calls = new LinkedList<RunningCall>();

  get isEmpty(): boolean {
    return this.#calls.first === undefined;
  }

  add(call: RunningCall): void {
    this.#calls.add(call);
  }

  /** Idempotent. */
  remove(call: RunningCall): void {
    this.#calls.remove(call);
  }

  /** Ends all of them, each with a reason of its own: an error carries the receipt of its call. */
  cancel(reasonOf: () => unknown): void {
    for (let call = this.#calls.first; call !== undefined; call = this.#calls.first) {
      this.remove(call);
      call.cancel(reasonOf());
    }
  }
}
