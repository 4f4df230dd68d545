import type { CacheUse } from '../cache/cache-options.js';
import type { TraceContext } from '../contract/call-context.js';
import type { ModelRequest } from '../contract/request.js';
import type { HedgeOptions } from '../hedging/hedge-options.js';
import type { ClockLimits } from '../pipeline/clock-limits.js';
import type { RecoveryMode } from '../pipeline/recovery/recovery-mode.js';
import type { ParameterLayers } from '../registry/layered-parameters.js';
import type { ReceiptHook } from './call-observer.js';

/** A host's options, checked and in the contract's form. `request.model` is still the reference as asked. */
export interface PreparedCall<R extends ModelRequest = ModelRequest> {
  readonly request: R;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly maxAttempts: number | undefined;
  readonly clocks: Partial<ClockLimits> | undefined;
  readonly strict: boolean | undefined;
  readonly cache: CacheUse | undefined;
  readonly tenant: string | undefined;
  readonly trace: TraceContext | undefined;
  /** Of a completion. */
  readonly recovery?: RecoveryMode | undefined;
  /** Where the parameters come from; only for routes whose targets have some of their own. */
  readonly layers?: ParameterLayers | undefined;
  /** What it says of second attempts. */
  readonly hedging?: boolean | HedgeOptions | undefined;
  readonly onReceipt: ReceiptHook | undefined;
  /** Upstream calls at one time, of a call that needs several. */
  readonly maxParallelCalls?: number | undefined;
}
