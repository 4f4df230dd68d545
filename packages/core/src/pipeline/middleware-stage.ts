import type { Clock } from '../contract/clock.js';
import type { Middleware } from '../middleware/middleware.js';
import { lazySource } from './lazy-source.js';
import type { Stage } from './stage.js';

/** A host's own functions around every call. What runs them is loaded by the first call. */
export const middlewareStage =
  (list: readonly Middleware[], clock: Clock): Stage =>
  (next) =>
    lazySource(async () => {
      const { MiddlewareRun } = await import('../middleware/middleware-call.js');
      return (request, scope) => new MiddlewareRun(list, clock, next, request, scope).open();
    });
