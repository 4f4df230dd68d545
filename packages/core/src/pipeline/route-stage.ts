import { type Hedging, hedgeStage } from '../hedging/hedge-stage.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { Routes } from '../registry/routes.js';
import { lazySource } from './lazy-source.js';
import type { LearnedLatencies } from './learned-latencies.js';
import type { RetryTerms } from './retry-wait.js';
import type { Stage } from './stage.js';

/** What a call over several targets goes by. */
export interface RouteTerms extends Pick<RetryTerms, 'table' | 'clock' | 'random' | 'gate'> {
  readonly routes: Routes;
  readonly models: ModelRegistry;
  /** Absent where nothing is chosen by them. */
  readonly learned: LearnedLatencies | undefined;
  /** Absent where no call has a second attempt. */
  readonly hedging: Hedging | undefined;
}

/** In place of the plan stage where there are routes: it plans for one target after the other. */
export const routeStage =
  (plan: Stage, terms: RouteTerms): Stage =>
  (next) => {
    const single = plan(next);
    const named = terms.hedging === undefined ? single : hedgeStage(terms.hedging)(single);
    // Not before a call names a route.
    const routed = lazySource(async () => {
      const { learned, hedging } = terms;
      const { RoutedCall } = await import('./routed-call.js');
      const [latencies, hedger] = await Promise.all([learned?.load(), hedging?.load()]);
      const shared = { ...terms, next, single, latencies };
      return (request, scope) => {
        const route = terms.routes.get(request.model);
        if (route === undefined) return named(request, scope);
        const hedge = hedger?.forCall({ request, scope, ofRoute: route.hedging, targets: route.targets.length });
        return new RoutedCall(shared, { route, request, scope, hedge }).open();
      };
    });
    return (request, scope) => (terms.routes.has(request.model) ? routed : named)(request, scope);
  };
