import type { Clock } from '../contract/clock.js';
import type { Middleware } from '../middleware/middleware.js';
import type { Source, Stage } from './stage.js';

/** A host's own functions around every call. What runs them is loaded by the first call. */
export const middlewareStage =
  (list: readonly Middleware[], clock: Clock): Stage =>
  (next) => {
    let source: Source | undefined;
    let loading: Promise<Source> | undefined;
    const load = async (): Promise<Source> => {
      const { MiddlewareRun } = await import('../middleware/middleware-call.js');
      source = (request, scope) => new MiddlewareRun(list, clock, next).open(request, scope);
      return source;
    };
    return (request, scope) => {
      if (source !== undefined) return source(request, scope);
      loading ??= load();
      return loading.then((loaded) => loaded(request, scope));
    };
  };
