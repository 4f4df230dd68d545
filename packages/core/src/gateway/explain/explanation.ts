import type { GenerationParameters } from '../../contract/parameters.js';
import type { RequestKind } from '../../contract/request.js';
import type { Warning } from '../../contract/warning.js';
import type { CostEstimate } from '../../estimate/estimate-cost.js';
import type { TokenEstimate } from '../../estimate/estimate-tokens.js';
import type { SkippedTarget } from '../../pipeline/receipt.js';
import type { RouteOptions } from '../route-options.js';

/** Why a target would not be asked at this moment; it may be in the next. */
export interface Unavailability {
  /** `circuit-open`, …: the code of the error that an attempt would fail with. */
  readonly code: string;
  readonly reason: string;
  /** ms until another try is worth while. */
  readonly retryAfterMs?: number;
}

/** A target that can serve the request, and with what. */
export interface ExplainedTarget {
  /** `provider:model`. */
  readonly target: string;
  readonly provider: string;
  /** The provider's own id of the model. */
  readonly model: string;
  /** What it is sent, of a completion: defaults, the caller's own, and what the model must be sent. */
  readonly parameters?: GenerationParameters;
  /** What is dropped or changed for this target. */
  readonly warnings: readonly Warning[];
  readonly tokens: TokenEstimate;
  /** By list price; empty where no price is known. */
  readonly cost: CostEstimate;
  /** Tokens of input that the model takes, as far as is known. */
  readonly contextWindow?: number;
  /** Of a `weighted` route: the share of such calls that ask it first, 0–1. */
  readonly share?: number;
  /**
   * Of a `fastest` route: median time to the first content in ms and the attempts it is known from. Absent time: not
   * measured, or half of its attempts failed.
   */
  readonly measured?: { readonly typicalMs?: number; readonly attempts: number; readonly failures: number };
  /** Absent: nothing is known to keep it from being asked. */
  readonly unavailable?: Unavailability;
}

/** What would become of a call, told without making it. */
export interface Explanation {
  /** The model or the route, as asked. */
  readonly reference: string;
  readonly kind: RequestKind;
  /** Of a route. */
  readonly strategy?: NonNullable<RouteOptions['strategy']>;
  /** Whether any target can serve the request: `targets` is not empty. */
  readonly servable: boolean;
  /** In the order in which they would be asked; of a `weighted` route the heaviest first, as each call draws anew. */
  readonly targets: readonly ExplainedTarget[];
  /** Those that cannot serve it, with code and reason. */
  readonly skipped: readonly SkippedTarget[];
  /** Tries of the call in all, whatever the number of targets. */
  readonly maxAttempts: number;
}
