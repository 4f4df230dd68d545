import type { Clock } from '../contract/clock.js';
import { TimeoutError } from '../errors/clock-errors.js';
import type { CallScope, CancelListener } from './call-scope.js';
import { whenPast } from './when-past.js';

/** For how long somebody else's promise is waited for, and what becomes of it. */
export interface TimeTerms<T> {
  readonly scope: CallScope;
  /** Starts the clock. Returns the way to stop it. */
  readonly start: (overdue: () => void) => () => void;
  /** What the wait fails with when the time is over. */
  readonly overdue: () => unknown;
  /** What it fails with in place of what the promise failed with. Default: the same. */
  readonly thrown?: (cause: unknown) => unknown;
  /** Hears of a value that comes after the end of the wait. */
  readonly onLate?: (value: T) => void;
}

/** A wait: a cancel and the clock settle it at once, and what comes later is nobody's. */
class Wait<T> implements CancelListener {
  readonly settled: Promise<T>;
  #resolve: (value: T) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #stop: (() => void) | undefined;
  #isOver = false;

  constructor(
    promise: PromiseLike<T>,
    private readonly terms: TimeTerms<T>,
  ) {
    const { scope, start, overdue, thrown = (cause: unknown) => cause } = terms;
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    scope.listen(this);
    if (!this.#isOver) this.#stop = start(() => this.#fail(overdue()));
    // Last: a promise that is not ours may settle, or throw, while it is asked.
    try {
      promise.then(
        (value) => this.#has(value),
        (cause: unknown) => this.#fail(thrown(cause)),
      );
    } catch (cause) {
      this.#fail(thrown(cause));
    }
  }

  onCancelled(reason: unknown): void {
    this.#fail(reason);
  }

  #has(value: T): void {
    if (!this.#end()) this.terms.onLate?.(value);
    this.#resolve(value);
  }

  #fail(error: unknown): void {
    this.#end();
    this.#reject(error);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#stop?.();
    this.terms.scope.forget(this);
    return true;
  }
}

/** The promise; or the cancel reason, or what it fails with when its time is over, if that comes first. */
export const inTime = <T>(promise: PromiseLike<T>, terms: TimeTerms<T>): Promise<T> => new Wait(promise, terms).settled;

/** The promise; or the cancel reason or the deadline of the call, if that comes first. @param doing completes "passed while" */
export const beforeDeadline = <T>(
  promise: PromiseLike<T>,
  scope: CallScope,
  clock: Clock,
  doing: string,
  onLate?: (value: T) => void,
): Promise<T> =>
  inTime(promise, {
    scope,
    start: (overdue) => whenPast(clock, () => scope.deadline, overdue),
    overdue: () =>
      new TimeoutError('deadline', scope.facts.timeoutMs ?? 0, `The deadline of the call passed while ${doing}.`),
    ...(onLate && { onLate }),
  });
