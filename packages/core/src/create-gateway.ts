import { container } from './di/container.js';
import { CLOCK, RANDOM } from './di/tokens.js';
import type { Gateway } from './gateway/gateway.js';
import { GatewayHandle } from './gateway/gateway-handle.js';
import type { GatewayOptions } from './gateway/gateway-options.js';
import { checkGatewayOptions } from './gateway/gateway-options-schema.js';
import { buildGeneration } from './gateway/generation.js';
import { batchStage } from './pipeline/batch-stage.js';
import { clocksStage } from './pipeline/clocks-stage.js';
import { decisionTable } from './pipeline/decision-table.js';
import { guardedSource } from './pipeline/guard-stage.js';
import { hasSeveralKeys, keyStage } from './pipeline/key-stage.js';
import { planStage } from './pipeline/plan-stage.js';
import { DEFAULT_RETRY } from './pipeline/retry-policy.js';
import { retryStage } from './pipeline/retry-stage.js';
import { routeStage } from './pipeline/route-stage.js';
import { SharedTimer } from './pipeline/shared-timer.js';
import { compose } from './pipeline/stage.js';
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
  const table = decisionTable(options.decisions);
  const retries = retryStage(retry, table, clock, random);
  // Clocks and lingering connections of all calls share one timer; see there.
  const timer = new SharedTimer(clock);
  const { models, routes } = generation;
  const plan = planStage(models, clock);
  const source = compose(
    guardedSource(timer),
    routes === undefined ? plan : routeStage(plan, { routes, models, table, clock, random }),
    batchStage(clock),
    generation.providers.all().some(hasSeveralKeys)
      ? keyStage(retries, { options: retry, table, clock, random })
      : retries,
    clocksStage(timer, options.clocks ?? {}),
  );
  return new GatewayHandle(outer, generation, source, {
    clock,
    defaults: options.defaults ?? {},
    maxAttempts: retry.maxAttempts,
    strict: options.strict ?? false,
  });
};
