import type { ModelRequest } from '../contract/request.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { Route, Routes } from '../registry/routes.js';
import type { CallScope } from './call-scope.js';
import type { LearnedLatencies } from './latency-stage.js';
import type { RetryTerms } from './retry-wait.js';
import type { OpenStream, Stage } from './stage.js';

type RoutedSource = (route: Route, request: ModelRequest, scope: CallScope) => Promise<OpenStream>;

/** What a call over several targets goes by. */
export interface RouteTerms extends Pick<RetryTerms, 'table' | 'clock' | 'random' | 'gate'> {
  readonly routes: Routes;
  readonly models: ModelRegistry;
  /** Absent where nothing is chosen by them. */
  readonly learned: LearnedLatencies | undefined;
}

/** In place of the plan stage where there are routes: it plans for one target after the other. */
export const routeStage =
  (plan: Stage, terms: RouteTerms): Stage =>
  (next) => {
    const single = plan(next);
    let routed: Promise<RoutedSource> | undefined;
    // Not before a call names a route.
    const load = async (): Promise<RoutedSource> => {
      const [{ RoutedCall }, latencies] = await Promise.all([import('./routed-call.js'), terms.learned?.load()]);
      return (route, request, scope) =>
        new RoutedCall({ ...terms, next, single, route, request, scope, latencies }).open();
    };
    return (request, scope) => {
      const route = terms.routes.get(request.model);
      if (route === undefined) return single(request, scope);
      routed ??= load();
      return routed.then((open) => open(route, request, scope));
    };
  };
