import type { ModelReference } from '../contract/known-models.js';

/** When a target is no longer asked, and how it comes back. */
export interface BreakerOptions {
  /** Attempts that ended in this span are judged, in ms: 1,000–3,600,000. Default 30 000. */
  readonly windowMs: number;
  /** With fewer of them the circuit stays closed: integer 1–10,000. Default 10. */
  readonly minAttempts: number;
  /** Share of failures among them at which it opens: above 0, at most 1. Default 0.5. */
  readonly failureShare: number;
  /** How long it is open at first, in ms: 1–3,600,000; doubles each time a try to close it fails. Default 5 000. */
  readonly openMs: number;
  /** Ceiling of that in ms, at least `openMs`. Up to a quarter is added by chance. Default 60 000. */
  readonly maxOpenMs: number;
}

/** How many attempts run at one time, and who waits. An attempt counts until its answer was read to the end. */
export interface ConcurrencyOptions {
  /** At one target (`provider:model`): integer 1–100,000. Default: no limit. */
  readonly perTarget?: number;
  /** At single targets in place of `perTarget`, by model reference. */
  readonly targets?: Readonly<Partial<Record<ModelReference, number>>>;
  /** With one key, over all models; a provider without named keys counts as one key. Integer 1–100,000. Default: no limit. */
  readonly perKey?: number;
  /** Attempts that may wait at one target or key, first come first served: integer 0–100,000; 0: none waits. Default 100. */
  readonly maxQueued?: number;
  /** Longest wait in ms: 1–3,600,000; while a route has another target, never longer than `retry.maxDelayMs`. Default 30 000. */
  readonly maxWaitMs?: number;
}

/** What stands before every target. All that is left out has its default, so `{}` is a gate. */
export interface GateOptions {
  /** Circuit breaker of each target; `false` switches it off. Default: on, with the defaults of `BreakerOptions`. */
  readonly breaker?: Partial<BreakerOptions> | false;
  /** Whether a wait that an upstream asked one call for holds for all calls of that target. Default true. */
  readonly coolDown?: boolean;
  /** Default: no limit. */
  readonly concurrency?: ConcurrencyOptions;
}

export const DEFAULT_BREAKER: BreakerOptions = {
  windowMs: 30_000,
  minAttempts: 10,
  failureShare: 0.5,
  openMs: 5_000,
  maxOpenMs: 60_000,
};
