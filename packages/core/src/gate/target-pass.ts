import type { Clock } from '../contract/clock.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { DecisionTable } from '../pipeline/decision-table.js';
import { hasSeveralKeys } from '../pipeline/key-stage.js';
import type { Ending } from '../pipeline/stage.js';
import type { Target } from '../registry/target.js';
import type { GatePass } from './attempt-gate.js';
import type { Verdict } from './breaker.js';
import type { SlotQueue } from './slot-queue.js';
import type { TargetState } from './target-state.js';

/** What a pass belongs to. */
export interface PassTerms {
  readonly clock: Clock;
  readonly table: DecisionTable;
  readonly state: TargetState;
  readonly target: Target;
  /** Of the one key of the provider, where keys have a limit. */
  readonly keySlots: SlotQueue | undefined;
  /** Whether waits that the upstream asks for hold for all calls. */
  readonly coolDown: boolean;
}

/** No hint keeps a target longer, in ms: one of years is a fault, and the upstream says it again if it is not. */
const LONGEST_REST_MS = 86_400_000;

const CANCELLED: Ending = { outcome: 'cancelled', reason: undefined };

/** Leave for one attempt at one target: holds a slot, and reports to the breaker. */
export class TargetPass implements GatePass {
  readonly #turn: number;
  #isOpen = true;
  #hasAnswered = false;

  constructor(
    private readonly terms: PassTerms,
    readonly waitedMs: number,
    /** When it was given. */
    private readonly since: number,
  ) {
    this.#turn = terms.state.begin(since);
    terms.keySlots?.began(since);
  }

  answered(): void {
    if (!this.#isOpen || this.#hasAnswered) return;
    this.#hasAnswered = true;
    this.terms.state.answered(this.#turn);
  }

  onEnd(ending: Ending): void {
    const now = this.terms.clock.now();
    this.#end(ending, now, now - this.since);
  }

  abandon(): void {
    this.#end(CANCELLED, this.terms.clock.now(), undefined);
  }

  #end(ending: Ending, now: number, heldMs: number | undefined): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { state, keySlots } = this.terms;
    state.ended(this.#turn, this.#hasAnswered, this.#verdict(ending, now), now);
    state.slots.release(heldMs);
    keySlots?.release(heldMs);
  }

  #verdict(ending: Ending, now: number): Verdict {
    if (ending.outcome === 'complete') return 'good';
    // The caller's own deadline is no failure of the target either.
    if (ending.outcome === 'cancelled' || !GatewayError.is(ending.error) || ending.error.code === 'deadline-timeout')
      return 'neither';
    const { error } = ending;
    const { state, table, target } = this.terms;
    const decision = table[error.failureClass];
    const hintMs = error.retryAfterMs ?? 0;
    // Where there are several keys, it is the key that rests.
    const rests = decision.breaker || (decision.coolsKey && !hasSeveralKeys(target.provider));
    if (this.terms.coolDown && hintMs > 0 && rests) state.rest(now + Math.min(hintMs, LONGEST_REST_MS), error);
    if (!decision.breaker) return 'neither';
    state.lastFailure = error.code;
    return 'bad';
  }
}
