import type { ModelReference } from '../contract/known-models.js';

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
   * drawn for every call, by weight, and so is the next one of those that are left.
   */
  readonly strategy?: 'in-order' | 'weighted';
}
