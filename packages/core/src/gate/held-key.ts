import type { Clock } from '../contract/clock.js';
import type { AttemptClaim } from '../pipeline/attempt-claim.js';
import type { KeyLease } from '../pipeline/key-ring.js';
import type { Ending } from '../pipeline/stage.js';
import type { GatePass } from './attempt-gate.js';
import type { KeySlots } from './key-slots.js';

/** A key for one attempt, with all that the attempt holds at the gate. */
export class HeldKey {
  pass: GatePass | undefined;
  claim: AttemptClaim | undefined;
  readonly #since: number;

  /** @param slots that the key was taken of; absent where keys have no limit */
  constructor(
    readonly lease: KeyLease,
    private readonly slots: KeySlots | undefined,
    private readonly clock: Clock,
  ) {
    this.#since = clock.now();
  }

  /** The attempt is over. Once. */
  onEnd(ending: Ending): void {
    this.pass?.onEnd(ending);
    this.slots?.release(this.lease, this.clock.now() - this.#since);
  }

  /** The attempt will not be made. Once. */
  abandon(): void {
    this.pass?.abandon();
    this.slots?.release(this.lease);
  }
}
