import type { ModelRequest } from '../contract/request.js';
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

  /** The request as each target takes it that can. */
  of(request: ModelRequest, strict: boolean): readonly PossibleTarget[] {
    const references = this.routes?.get(request.model)?.targets.map(({ reference }) => reference) ?? [request.model];
    return references.flatMap((reference): readonly PossibleTarget[] => {
      try {
        const target = this.models.resolveNow(reference);
        // It is yet to be looked up.
        if (target === undefined) return [{ name: undefined, request, info: undefined }];
        const fitted = fitTarget(this.models, request, target, strict).request;
        return [{ name: nameOf(target), request: fitted, info: target.info }];
      } catch {
        return [];
      }
    });
  }

  #resolve(reference: string): Target | undefined {
    try {
      return this.models.resolveNow(reference);
    } catch {
      return undefined;
    }
  }
}
