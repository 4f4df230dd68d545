import type { Clock, RandomSource } from '../contract/clock.js';
import type { AttemptGate } from '../gate/attempt-gate.js';
import { type HedgeAccounts, Hedging, hedgeStage } from '../hedging/hedge-stage.js';
import type { LazyLimits } from '../limits/lazy-limits.js';
import { admissionStage } from '../pipeline/admission-stage.js';
import { batchStage } from '../pipeline/batch-stage.js';
import { cacheStage, type LazyCache } from '../pipeline/cache-stage.js';
import { clocksStage } from '../pipeline/clocks-stage.js';
import { decisionTable } from '../pipeline/decision-table.js';
import { gateCheckStage } from '../pipeline/gate-check-stage.js';
import { guardedSource } from '../pipeline/guard-stage.js';
import { hasSeveralKeys, type KeyRings, keyStage } from '../pipeline/key-stage.js';
import type { LearnedLatencies } from '../pipeline/learned-latencies.js';
import { middlewareStage } from '../pipeline/middleware-stage.js';
import { planStage } from '../pipeline/plan-stage.js';
import { recoveryStage } from '../pipeline/recovery/recovery-stage.js';
import type { RetryOptions } from '../pipeline/retry-policy.js';
import { retryStage } from '../pipeline/retry-stage.js';
import { routeStage } from '../pipeline/route-stage.js';
import { SharedTimer } from '../pipeline/shared-timer.js';
import { compose, type Source, type Stage } from '../pipeline/stage.js';
import type { Routes } from '../registry/routes.js';
import type { GatewayOptions } from './gateway-options.js';
import type { Generation } from './generation.js';

/** What outlives a generation, and the pipelines of all generations share. */
export interface PipelineServices {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly latencies: LearnedLatencies;
  readonly keyRings: KeyRings;
  /** Circuits, rests and slots of targets; absent where the host wants none. */
  readonly gate: AttemptGate | undefined;
  readonly hedges: HedgeAccounts;
  readonly cache?: LazyCache | undefined;
  readonly limits?: LazyLimits | undefined;
}

/** Whether a call may have a second attempt: where none of the options is for it, a call cannot ask for it either. */
export const hasHedging = ({ hedging, routes = {} }: Pick<GatewayOptions, 'hedging' | 'routes'>): boolean =>
  hedging !== undefined ||
  Object.values(routes).some((route) => route.hedging !== undefined && route.hedging !== false);

const asksFastest = (routes: Routes | undefined): boolean =>
  [...(routes?.values() ?? [])].some(({ strategy }) => strategy === 'fastest');

/**
 * The stages of one generation, outermost first. What the options do not ask for is not among them: a stage that has
 * nothing to do would still cost every call.
 */
export const compilePipeline = (
  options: GatewayOptions,
  retry: RetryOptions,
  generation: Generation,
  { clock, random, latencies, keyRings, hedges, gate, cache, limits }: PipelineServices,
): Source => {
  const { models, providers, routes, modelClocks } = generation;
  const { models: _, ...clockLimits } = options.clocks ?? {};
  const table = decisionTable(options.decisions);
  const terms = { options: retry, table, clock, random, gate, isLimited: limits !== undefined };
  const retries = retryStage(terms);
  // Clocks and lingering connections of all calls share one timer; see there.
  const timer = new SharedTimer(clock);
  const plan = planStage(models, clock);
  const hedging = hasHedging(options)
    ? new Hedging({ options: options.hedging, learned: latencies, accounts: hedges, models, table, clock })
    : undefined;
  const learned = hedging !== undefined || asksFastest(routes) ? latencies : undefined;
  const named: Stage = hedging === undefined ? plan : (next) => hedgeStage(hedging)(plan(next));
  const meaning = [generation.identity, options.defaultProvider, options.routes];
  const stages: readonly Stage[] = [
    ...(options.middleware === undefined ? [] : [middlewareStage(options.middleware, clock)]),
    ...(cache === undefined ? [] : [cacheStage(cache, { meaning, models, routes })]),
    ...(limits === undefined || gate === undefined ? [] : [gateCheckStage({ ...terms, gate, models, routes })]),
    ...(limits === undefined ? [] : [admissionStage(limits)]),
    recoveryStage({ ...terms, mode: options.recovery, routes, models }),
    routes === undefined ? named : routeStage(plan, { routes, models, table, clock, random, learned, hedging, gate }),
    batchStage(clock),
    providers.all().some(hasSeveralKeys) ? keyStage(retries, terms, keyRings) : retries,
    clocksStage(timer, clockLimits, modelClocks, learned),
  ];
  return compose(guardedSource(timer), ...stages);
};
