import type { Clock } from '../contract/clock.js';
import type { CallScope, CancelListener } from '../pipeline/call-scope.js';
import { whenPast } from '../pipeline/when-past.js';

/** One call that waits. */
class Waiter<T, K> implements CancelListener {
  #stop: (() => void) | undefined;

  constructor(
    private readonly line: Set<Waiter<T, K>>,
    readonly kind: K,
    private readonly scope: CallScope,
    private readonly resolve: (given: T | undefined) => void,
    private readonly reject: (reason: unknown) => void,
  ) {}

  join(clock: Clock, until: () => number): void {
    this.line.add(this);
    this.#stop = whenPast(clock, until, () => this.leave(undefined));
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

/** Calls that wait for one of a kind: of each kind first come, first served. A line may have one kind only. */
export class WaitingLine<T, K = undefined> {
  readonly #waiters = new Set<Waiter<T, K>>();

  /** @param take gives what is waited for, or undefined when there is none */
  constructor(private readonly take: (kind: K) => T | undefined) {}

  get size(): number {
    return this.#waiters.size;
  }

  /** Whether a call waits for this kind. */
  has(kind: K): boolean {
    for (const waiter of this.#waiters) if (waiter.kind === kind) return true;
    return false;
  }

  /** What is waited for; undefined when it did not come in time, or all were sent away. Rejects with the cancel reason. */
  join(kind: K, scope: CallScope, clock: Clock, until: () => number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      new Waiter(this.#waiters, kind, scope, resolve, reject).join(clock, until);
    });
  }

  /** Something may have come back. */
  serve(): void {
    // Mostly nobody waits, and to begin a loop over nobody is not free.
    if (this.#waiters.size === 0) return;
    let refused: Set<K> | undefined;
    for (const waiter of this.#waiters) {
      const { kind } = waiter;
      if (refused?.has(kind) === true) continue;
      const given = this.take(kind);
      if (given !== undefined) waiter.leave(given);
      else if (kind === undefined) return;
      else refused = (refused ?? new Set()).add(kind);
    }
  }

  /** Sends all away. */
  dismiss(): void {
    for (const waiter of this.#waiters) waiter.leave(undefined);
  }
}
