import type { CacheOptions } from '../cache/cache-options.js';
import type { Clock, RandomSource } from '../contract/clock.js';
import type { ModelReference } from '../contract/known-models.js';
import type { ModelFacts } from '../contract/model-facts.js';
import type { GenerationParameters } from '../contract/parameters.js';
import type { ReceiptStore } from '../contract/receipt-store.js';
import type { ProviderModule } from '../di/provider-module.js';
import type { GateOptions } from '../gate/gate-options.js';
import type { HedgingOptions } from '../hedging/hedge-options.js';
import type { LimitsOptions } from '../limits/limits-options.js';
import type { Middleware } from '../middleware/middleware.js';
import type { ClockOptions } from '../pipeline/clock-limits.js';
import type { DecisionOverrides } from '../pipeline/decision-table.js';
import type { RecoveryMode } from '../pipeline/recovery/recovery-mode.js';
import type { RetryOptions } from '../pipeline/retry-policy.js';
import type { CallObserver, HookErrorHandler, ReceiptHook } from './call-observer.js';
import type { RouteOptions } from './route-options.js';

/** What a gateway is built from. Closed: an unknown field is refused. */
export interface GatewayOptions {
  /** At least one, with different names. */
  readonly providers: readonly ProviderModule[];
  /** Id of the provider that serves model references without a prefix. Default: none. */
  readonly defaultProvider?: string;
  /** Names to ask for in place of a model, each for several targets. See `RouteOptions`. Default: none. */
  readonly routes?: Readonly<Record<string, RouteOptions>>;
  /**
   * Prices and other facts of models, by model reference, over what their providers know: routes, limits, estimates and
   * costs go by them, and receipts say so (`host`). Default: none. See `ModelFacts`.
   */
  readonly models?: Readonly<Partial<Record<ModelReference, ModelFacts>>>;
  /** Parameters for every call; the caller's own come first. */
  readonly defaults?: GenerationParameters;
  readonly retry?: Partial<RetryOptions>;
  /**
   * A second attempt beside one that brings no content, for streams. Costs money: both may be billed. Default: none. For
   * routes, and for models alone with `sameTarget`.
   */
  readonly hedging?: HedgingOptions;
  /** Limits of every attempt's clocks, and of single models. */
  readonly clocks?: ClockOptions;
  /** What stands before every target: circuit breaker, cool-down, limits of concurrency. Default: none; `{}` is one. */
  readonly gate?: GateOptions;
  /** Changes to the table that says what a failure leads to. */
  readonly decisions?: DecisionOverrides;
  /** What happens to a stream that is cut after text was delivered; a route and a call may say otherwise. Default `off`. */
  readonly recovery?: RecoveryMode;
  /** The host's own functions around every call, the first outermost. See `Middleware`. Default: none. */
  readonly middleware?: readonly Middleware[];
  /** Keeps answers and gives them again to equal calls. See `CacheOptions`. Default: none. */
  readonly cache?: CacheOptions;
  /** How much may be asked for at one time, a minute, and for how much money. Default: none. See `LimitsOptions`. */
  readonly limits?: LimitsOptions;
  /** Refuse, before anything is sent, what would otherwise be dropped or changed with a warning. Default false. */
  readonly strict?: boolean;
  /** Hears of every call when it is over, once, however it ended, before the caller does. Default: nobody. */
  readonly onReceipt?: ReceiptHook;
  /** Keeps the receipt of every call, before `onReceipt` hears of it. Default: none. See `MemoryReceiptStore`. */
  readonly receipts?: ReceiptStore;
  /** Follow every call from its begin to its end, such as a tracer, in this order. Default: none. */
  readonly observers?: readonly CallObserver[];
  /** Hears of hooks (`onReceipt`, `observers`, `receipts`) that threw or rejected. Default: the first is told as a warning of the process. */
  readonly onHookError?: HookErrorHandler;
  /** For tests. Default: the system's. */
  readonly clock?: Clock;
  readonly random?: RandomSource;
}
