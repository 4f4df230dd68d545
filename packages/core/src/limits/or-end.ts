import type { Clock } from '../contract/clock.js';
import { TimeoutError } from '../errors/clock-errors.js';
import type { CallScope, CancelListener } from '../pipeline/call-scope.js';
import { whenPast } from '../pipeline/when-past.js';

/** Waits for something on behalf of a call, and not past its end. */
class Wait<T> implements CancelListener {
  readonly settled: Promise<T>;
  #resolve: (value: T) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #stop: (() => void) | undefined;
  #isOver = false;

  constructor(
    private readonly scope: CallScope,
    clock: Clock,
    private readonly onLate: (value: T) => void,
  ) {
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    scope.listen(this);
    if (this.#isOver) return;
    const overdue = (): void => {
      const text = 'The deadline of the call passed while its limits were being asked.';
      this.failed(new TimeoutError('deadline', scope.facts.timeoutMs ?? 0, text));
    };
    this.#stop = whenPast(clock, () => scope.deadline, overdue);
  }

  has(value: T): void {
    if (!this.#end()) this.onLate(value);
    this.#resolve(value);
  }

  failed(error: unknown): void {
    this.#end();
    this.#reject(error);
  }

  onCancelled(reason: unknown): void {
    this.failed(reason);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#stop?.();
    this.scope.forget(this);
    return true;
  }
}

/** The promise; or the cancel reason or the deadline of the call, if that comes first. @param onLate hears what comes after that */
export const orEnd = <T>(
  promise: Promise<T>,
  scope: CallScope,
  clock: Clock,
  onLate: (value: T) => void,
): Promise<T> => {
  const wait = new Wait(scope, clock, onLate);
  promise.then(
    (value) => wait.has(value),
    (error: unknown) => wait.failed(error),
  );
  return wait.settled;
};
