import type { RandomSource } from '../contract/clock.js';
import type { Provider } from '../contract/provider.js';
import type { TargetUnavailableError } from '../errors/gate-errors.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { DecisionTable } from '../pipeline/decision-table.js';
import type { KeyRing } from '../pipeline/key-ring.js';
import type { RetryOptions } from '../pipeline/retry-policy.js';
import type { Ending } from '../pipeline/stage.js';
import type { Target } from '../registry/target.js';
import type { KeySlots } from './key-slots.js';

/** Leave for one attempt. Its end gives everything back that it holds. */
export interface GatePass {
  /** How long it took to get, in ms. */
  readonly waitedMs: number;
  /** The attempt has brought content, or a whole answer. */
  answered(): void;
  /** The attempt is over. The first ending counts. */
  onEnd(ending: Ending): void;
  /** The attempt will not be made. */
  abandon(): void;
}

/** What a call goes by at the gate. */
export interface GateTerms {
  readonly options: RetryOptions;
  readonly table: DecisionTable;
  readonly random: RandomSource;
}

/** What stands between the retries and each attempt. It is asked before an attempt is taken out of the budget. */
export interface AttemptGate {
  /** Leave at once, without a promise; undefined when that takes a wait or is refused. */
  tryEnter(target: Target, terms: GateTerms): GatePass | undefined;
  /** Leave, after a wait if need be. @throws TargetUnavailableError when there will be none soon enough */
  enter(target: Target, scope: CallScope, terms: GateTerms): Promise<GatePass>;
  /** What `enter` would refuse at once, without asking for leave. @throws TargetUnavailableError */
  check(target: Target, scope: CallScope, terms: GateTerms): void;
  /** Slots of the keys of a provider that has several; undefined where keys have no limit. */
  keySlots(provider: Provider, ring: KeyRing): Promise<KeySlots | undefined>;
  /** Why the target's circuit will let nothing through at a time on the scale of `Clock.now()`; undefined when it may. */
  refusalAt(target: Target, at: number): TargetUnavailableError | undefined;
  /** What a call is told that does not wait for the end of the target's rest; undefined where it does not rest. */
  restAt(target: Target, at: number): TargetUnavailableError | undefined;
}
