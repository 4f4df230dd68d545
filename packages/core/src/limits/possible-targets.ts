import type { ModelRequest } from '../contract/request.js';
import { type RoutedRequest, requestFor } from '../pipeline/candidate.js';
import { fitTarget } from '../pipeline/plan-stage.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { Routes } from '../registry/routes.js';
import { nameOf, type Target } from '../registry/target.js';
import type { PossibleTarget } from './call-estimate.js';

/** Who may serve a request, as far as that is known before it is planned. */
export class PossibleTargets {
  constructor(
    private readonly models: ModelRegistry,
    private readonly routes: Routes | undefined,
  ) {}

  /** What limits know a model or a route by, whichever way it is written. */
  nameOf(reference: string): string {
    if (this.routes?.has(reference) === true) return reference;
    const target = this.#resolve(reference);
    return target === undefined ? reference : nameOf(target);
  }

  /** Whether it is known that the model asked for is the only one to serve. */
  isKnown(reference: string): boolean {
    return this.routes?.has(reference) !== true && this.#resolve(reference) !== undefined;
  }

  /** The request as each target takes it that can, with the target's own parameters and what is added to make it fit. */
  of(call: Pick<RoutedRequest, 'request' | 'strict' | 'layers'>): readonly PossibleTarget[] {
    const route = this.routes?.get(call.request.model);
    if (route === undefined) {
      const only = this.#fitted(call.request.model, call.request, call.strict);
      return only === undefined ? [] : [only];
    }
    const possible: PossibleTarget[] = [];
    for (const listed of route.targets) {
      const { reference, parameters, providerOptions } = listed;
      const hasOwn = parameters !== undefined || providerOptions !== undefined;
      const one = this.#fitted(reference, hasOwn ? requestFor(listed, call) : call.request, call.strict);
      if (one !== undefined) possible.push(one);
    }
    return possible;
  }

  /** Undefined where it does not serve such a request. */
  #fitted(reference: string, request: ModelRequest, strict: boolean): PossibleTarget | undefined {
    try {
      const target = this.models.resolveNow(reference);
      // It is yet to be looked up.
      if (target === undefined) return { name: undefined, request, info: undefined };
      const fitted = fitTarget(this.models, request, target, strict).request;
      return { name: nameOf(target), request: fitted, info: target.info };
    } catch {
      return undefined;
    }
  }

  #resolve(reference: string): Target | undefined {
    try {
      return this.models.resolveNow(reference);
    } catch {
      return undefined;
    }
  }
}
