import type { ModelReference } from '../contract/known-models.js';

/** Several targets under one name, which a call gives where it would give a model. */
export interface RouteOptions {
  /** Model references, the first choice first: at least one, none twice, no routes. */
  readonly targets: readonly ModelReference[];
  /** `in-order` (default): the first that can serve is asked first, the next when it fails. */
  readonly strategy?: 'in-order';
}
