import type { CacheUse } from '../cache/cache-options.js';
import type { TraceContext } from '../contract/call-context.js';
import type { ProviderOptions } from '../contract/message.js';
import type { ClockLimits } from '../pipeline/clock-limits.js';
import type { ReceiptHook } from './call-observer.js';

/** What a host may say of a call of any kind, beside its model and its input. */
export interface CallOptions {
  readonly endUser?: string;
  /** Options for one provider, keyed by its id, that no field here covers. */
  readonly providerOptions?: ProviderOptions;
  /** Aborts the call in every phase; the call then throws `signal.reason` untouched. */
  readonly signal?: AbortSignal;
  /** Limit of the whole call in ms, waiting and retries included. Default: none. */
  readonly timeoutMs?: number;
  /** Tries of this call in all, the first included: integer 1–10. Default: the gateway's. */
  readonly maxAttempts?: number;
  /** Limits of this call's clocks; what is absent is the gateway's. */
  readonly clocks?: Partial<ClockLimits>;
  /**
   * Refuse, before anything is sent, what would otherwise be dropped or changed with a warning: by the facts of the model, or
   * because the dialect of the upstream has no place for it. A route goes on to a target that loses nothing. Default: the gateway's.
   */
  readonly strict?: boolean;
  /**
   * What the call wants of the gateway's cache: `true` an answer that is there, `false` nothing, `refresh` a new one in its
   * place. Default: the gateway's `cache.everyCall`, or nothing where it has no cache.
   */
  readonly cache?: CacheUse;
  readonly tenant?: string;
  readonly trace?: TraceContext;
  /** Hears of this call when it is over, once, however it ended; beside the gateway's own. What it throws reaches `onHookError`. */
  readonly onReceipt?: ReceiptHook;
}
