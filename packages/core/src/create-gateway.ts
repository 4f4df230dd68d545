import { container } from './di/container.js';
import { CLOCK, RANDOM } from './di/tokens.js';
import { LazyGate } from './gate/lazy-gate.js';
import { GatewayHooks } from './gateway/call-hooks.js';
import { compilePipeline, hasHedging } from './gateway/compile-pipeline.js';
import type { Gateway } from './gateway/gateway.js';
import { GatewayHandle } from './gateway/gateway-handle.js';
import type { GatewayOptions } from './gateway/gateway-options.js';
import { checkGatewayOptions } from './gateway/gateway-options-schema.js';
import { buildGeneration } from './gateway/generation.js';
import { HedgeAccounts } from './hedging/hedge-stage.js';
import { LazyLimits } from './limits/lazy-limits.js';
import { LazyCache } from './pipeline/cache-stage.js';
import type { KeyRings } from './pipeline/key-stage.js';
import { LearnedLatencies } from './pipeline/latency-stage.js';
import { DEFAULT_RETRY } from './pipeline/retry-policy.js';
import { systemClock } from './pipeline/system-clock.js';
import { withDefaults } from './schema/with-defaults.js';

/**
 * A gateway over the given providers. Costs no network: the first call opens the first connection.
 * Dispose it when done (`await using` does): until then its connections are kept for the next call.
 * @throws ConfigurationError, DuplicateProviderError when the options are wrong
 */
export const createGateway = (options: GatewayOptions): Gateway => {
  checkGatewayOptions(options);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const outer = container.createChildContainer();
  outer.register(CLOCK, { useValue: clock });
  outer.register(RANDOM, { useValue: random });
  const generation = buildGeneration(outer, options);
  const retry = withDefaults(DEFAULT_RETRY, options.retry);
  const gate = options.gate && new LazyGate(options.gate, generation.slots, { clock, random });
  const latencies = new LearnedLatencies(clock);
  const hedges = new HedgeAccounts(clock);
  const cache = options.cache && new LazyCache(options.cache, clock);
  const { models, routes } = generation;
  const limits = options.limits && new LazyLimits(options.limits, { clock, models, routes });
  const keyRings: KeyRings = new WeakMap();
  const source = compilePipeline(options, retry, generation, {
    clock,
    random,
    latencies,
    keyRings,
    hedges,
    gate,
    cache,
    limits,
  });
  return new GatewayHandle(outer, generation, source, {
    clock,
    hooks: new GatewayHooks(options),
    limits,
    defaults: options.defaults ?? {},
    maxAttempts: retry.maxAttempts,
    strict: options.strict ?? false,
    hasHedging: hasHedging(options),
    latencies,
    gate,
    hasCache: options.cache !== undefined,
  });
};
