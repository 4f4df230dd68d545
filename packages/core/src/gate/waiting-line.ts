import type { Clock } from '../contract/clock.js';
import type { CallScope, CancelListener } from '../pipeline/call-scope.js';

/** One call that waits. */
class Waiter<T> implements CancelListener {
  #stop: (() => void) | undefined;

  constructor(
    private readonly line: Set<Waiter<T>>,
    private readonly scope: CallScope,
    private readonly resolve: (given: T | undefined) => void,
    private readonly reject: (reason: unknown) => void,
  ) {}

  join(clock: Clock, mostMs: number): void {
    this.line.add(this);
    this.#stop = clock.schedule(mostMs, () => this.leave(undefined));
    this.scope.listen(this);
  }

  leave(given: T | undefined): void {
    this.#part();
    this.resolve(given);
  }

  onCancelled(reason: unknown): void {
    this.#part();
    this.reject(reason);
  }

  #part(): void {
    this.line.delete(this);
    this.#stop?.();
    this.scope.forget(this);
  }
}

/** Calls that wait for one thing: first come, first served. */
export class WaitingLine<T> {
  readonly #waiters = new Set<Waiter<T>>();

  /** @param take gives what is waited for, or undefined when there is none */
  constructor(private readonly take: () => T | undefined) {}

  get size(): number {
    return this.#waiters.size;
  }

  /** What is waited for; undefined when it did not come in time, or all were sent away. Rejects with the cancel reason. */
  join(scope: CallScope, clock: Clock, mostMs: number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      new Waiter(this.#waiters, scope, resolve, reject).join(clock, mostMs);
    });
  }

  /** Something may have come back. */
  serve(): void {
    for (const waiter of this.#waiters) {
      const given = this.take();
      if (given === undefined) return;
      waiter.leave(given);
    }
  }

  /** Sends all away. */
  dismiss(): void {
    for (const waiter of this.#waiters) waiter.leave(undefined);
  }
}
