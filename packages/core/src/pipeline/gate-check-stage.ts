import type { AttemptGate } from '../gate/attempt-gate.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { Routes } from '../registry/routes.js';
import type { Target } from '../registry/target.js';
import type { RetryTerms } from './retry-wait.js';
import type { Stage } from './stage.js';

/** What a call is looked at by before limits let it in. */
export interface GateCheckTerms extends RetryTerms {
  readonly gate: AttemptGate;
  readonly models: ModelRegistry;
  readonly routes: Routes | undefined;
}

/** The one target of a call that names a model; undefined for a route, and for what the plan is to find or to refuse. */
const onlyTarget = ({ models, routes }: GateCheckTerms, reference: string): Target | undefined => {
  if (routes?.has(reference) === true) return undefined;
  try {
    return models.resolveNow(reference);
  } catch {
    return undefined;
  }
};

/** Refuses a call of a model that its gate lets nothing through to: nothing is reserved for it, and it waits for no room. */
export const gateCheckStage =
  (terms: GateCheckTerms): Stage =>
  (next) =>
  (request, scope) => {
    const target = onlyTarget(terms, request.model);
    try {
      if (target !== undefined) terms.gate.check(target, scope, terms);
    } catch (error) {
      return Promise.reject(error);
    }
    return next(request, scope);
  };
