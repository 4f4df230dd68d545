import type { Clock } from '../contract/clock.js';
import type { CallScope, CancelListener } from '../pipeline/call-scope.js';

export interface Limit {
  readonly scope: CallScope;
  readonly clock: Clock;
  readonly limitMs: number;
  /** What it fails with when that is over. */
  readonly overdue: () => unknown;
  /** What it fails with in place of what was thrown. */
  readonly thrown: (cause: unknown) => unknown;
}

/** A host's promise, for as long as it may take: a cancel and the limit settle it at once, and what comes later is nobody's. */
class LimitedPromise<T> implements CancelListener {
  readonly settled: Promise<T>;
  #reject: (error: unknown) => void = () => {};
  #stop: (() => void) | undefined;

  constructor(
    promise: PromiseLike<T>,
    private readonly limit: Limit,
  ) {
    const { clock, limitMs, overdue, scope, thrown } = limit;
    let succeed: (value: T) => void = () => {};
    this.settled = new Promise((resolve, reject) => {
      succeed = resolve;
      this.#reject = reject;
    });
    this.#stop = clock.schedule(limitMs, () => this.#fail(overdue()));
    scope.listen(this);
    // Last: a host's own promise may settle, or throw, while it is asked.
    try {
      promise.then(
        (value) => {
          this.#release();
          succeed(value);
        },
        (cause: unknown) => this.#fail(thrown(cause)),
      );
    } catch (cause) {
      this.#fail(thrown(cause));
    }
  }

  onCancelled(reason: unknown): void {
    this.#fail(reason);
  }

  #fail(error: unknown): void {
    this.#release();
    this.#reject(error);
  }

  #release(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.limit.scope.forget(this);
  }
}

const isPromise = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** What a host's function returns: at once if it does, otherwise within its limit. @throws what the limit says */
export const runLimited = <T>(run: () => T | PromiseLike<T>, limit: Limit): T | Promise<T> => {
  let value: T | PromiseLike<T>;
  try {
    value = run();
  } catch (cause) {
    throw limit.thrown(cause);
  }
  return isPromise(value) ? new LimitedPromise(value, limit).settled : value;
};
