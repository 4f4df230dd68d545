import type { Clock } from '../contract/clock.js';
import { Average } from '../pipeline/average.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { guessedWaitMs } from '../pipeline/guessed-wait.js';
import type { KeyLease, KeyRing } from '../pipeline/key-ring.js';
import { type Line, type QueueLimits, type WaitingCall, waitForRoom } from './room.js';
import { WaitingLine } from './waiting-line.js';

/** What the slots of the keys of one provider are made of. */
export interface KeySlotsTerms {
  /** Of the provider. */
  readonly id: string;
  readonly ring: KeyRing;
  /** Attempts at one time with each key. */
  readonly limit: number;
  readonly queue: QueueLimits;
  readonly clock: Clock;
}

/** Slots of a provider's keys, where it has several: who waits gets the first key that is ready for its model and has room. */
export class KeySlots {
  /** By name of the key. */
  readonly #taken = new Map<string, number>();
  readonly #held = new Average();
  /** When the first key was given. */
  #firstAt: number | undefined;
  readonly #line = new WaitingLine<KeyLease, string>((model) => this.#grant(model));
  #disarm: (() => void) | undefined;

  #limit: number;

  constructor(private readonly terms: KeySlotsTerms) {
    this.#limit = terms.limit;
  }

  /** @param limit attempts at one time with each key from now on; those under way stay */
  setLimit(limit: number): void {
    this.#limit = limit;
    this.#line.serve();
    this.#arm();
  }

  get name(): string {
    return `the keys of "${this.terms.id}"`;
  }

  get taken(): number {
    return [...this.#taken.values()].reduce((sum, count) => sum + count, 0);
  }

  get queued(): number {
    return this.#line.size;
  }

  get expectedMs(): number | undefined {
    const { value } = this.#held;
    const { ring } = this.terms;
    return value === undefined ? undefined : (value * (this.#line.size + 1)) / (this.#limit * Math.max(1, ring.inUse));
  }

  /** Whether keys are ready for a model but have no room: a wait for a key to be rested would be the wrong one. */
  isCrowded(model: string): boolean {
    const next = this.terms.ring.next(model, this.terms.clock.now());
    return next !== undefined && (this.#line.has(model) || next.waitMs === 0);
  }

  /** A key that is ready for a model and has room, if nobody who came before can have it. @param mayProbe see `KeyRing.take` */
  take(model: string, mayProbe: () => boolean): KeyLease | undefined {
    this.#line.serve();
    return this.#grant(model, mayProbe);
  }

  /** Waits for a key; undefined when all who waited were sent away. @throws as `waitForRoom` does */
  wait(model: string, call: WaitingCall): Promise<KeyLease | undefined> {
    const { name, taken, queued, expectedMs } = this;
    const [meanMs, firstAt] = [this.#held.value, this.#firstAt];
    const line: Line<KeyLease> = {
      name,
      taken,
      queued,
      expectedMs,
      guessMs: (now) => guessedWaitMs(meanMs, firstAt, now),
      join: (scope, clock, until) => this.#join(model, scope, clock, until),
    };
    return waitForRoom(line, this.terms.queue, call);
  }

  async #join(model: string, scope: CallScope, clock: Clock, until: () => number): Promise<KeyLease | undefined> {
    const given = this.#line.join(model, scope, clock, until);
    this.#arm();
    try {
      return await given;
    } finally {
      if (this.#line.size === 0) this.#rest();
    }
  }

  /** @param heldMs how long it was used; absent when it was not */
  release({ name }: KeyLease, heldMs?: number): void {
    this.#taken.set(name, (this.#taken.get(name) ?? 1) - 1);
    if (heldMs !== undefined) this.#held.add(heldMs);
    if (this.terms.ring.inUse === 0) this.#line.dismiss();
    else this.#line.serve();
    // The attempt may have sent its key to rest, for less than those that rest already.
    this.#arm();
  }

  /** Who waits waits for a key that was accepted: whether it could do without the attempt is not known here. */
  #grant(model: string, mayProbe = () => false): KeyLease | undefined {
    const { ring, clock } = this.terms;
    const now = clock.now();
    const hasRoom = (name: string): boolean => (this.#taken.get(name) ?? 0) < this.#limit;
    const lease = ring.take(model, now, hasRoom, mayProbe);
    if (lease === undefined) return undefined;
    this.#firstAt ??= now;
    this.#taken.set(lease.name, (this.#taken.get(lease.name) ?? 0) + 1);
    return lease;
  }

  /** A key that comes back from its rest serves those who wait, as one that is given back does. */
  #arm(): void {
    this.#rest();
    if (this.#line.size === 0) return;
    const { ring, clock } = this.terms;
    const restMs = ring.nextRestMs(clock.now());
    if (restMs === undefined) return;
    this.#disarm = clock.schedule(restMs, () => {
      this.#disarm = undefined;
      this.#line.serve();
      this.#arm();
    });
  }

  #rest(): void {
    this.#disarm?.();
    this.#disarm = undefined;
  }
}
