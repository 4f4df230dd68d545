import type { ModelReference } from '../contract/known-models.js';
import type { RecoveryMode } from '../pipeline/recovery/recovery-mode.js';

/** A target with its share of the calls. */
export interface WeightedTarget {
  readonly model: ModelReference;
  /** Above 0, at most 1,000; only beside one another do weights mean anything. Default 1. */
  readonly weight?: number;
}

/** Several targets under one name, which a call gives where it would give a model. */
export interface RouteOptions {
  /** Model references: at least one, none twice, no routes. Weights only with the strategy `weighted`. */
  readonly targets: readonly (ModelReference | WeightedTarget)[];
  /**
   * `in-order` (default): the first that can serve is asked first, the next when it fails. `weighted`: which one is asked is
   * drawn for every call, by weight, and so is the next one of those that are left. `fastest`: by the median time to the
   * first content, as measured over the last half an hour at most, streams and whole answers apart.
   */
  readonly strategy?: 'in-order' | 'weighted' | 'fastest';
  /**
   * With the strategy `fastest`: the share of calls that first ask another target than the fastest, to measure it again.
   * 0–1; 0 measures nothing that is not asked anyway. Default 0.05.
   */
  readonly explore?: number;
  /** What happens to a stream that is cut after text was delivered. Default: the gateway's. */
  readonly recovery?: RecoveryMode;
}
