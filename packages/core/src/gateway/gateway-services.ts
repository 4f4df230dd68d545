import type { DependencyContainer } from 'tsyringe';
import type { Clock, RandomSource } from '../contract/clock.js';
import { container } from '../di/container.js';
import { CLOCK, RANDOM } from '../di/tokens.js';
import { ConfigurationError, type InputIssue } from '../errors/caller-errors.js';
import { LazyGate } from '../gate/lazy-gate.js';
import { HedgeAccounts } from '../hedging/hedge-stage.js';
import { LazyLimits } from '../limits/lazy-limits.js';
import { FIXED_LIMITS, LIMITS_DEFAULTS } from '../limits/limits-options.js';
import { LazyCache } from '../pipeline/cache-stage.js';
import type { KeyRings } from '../pipeline/key-stage.js';
import { LearnedLatencies } from '../pipeline/learned-latencies.js';
import { DEFAULT_RETRY } from '../pipeline/retry-policy.js';
import { systemClock } from '../pipeline/system-clock.js';
import { withDefaults } from '../schema/with-defaults.js';
import { GatewayHooks } from './call-hooks.js';
import { compilePipeline, hasHedging } from './compile-pipeline.js';
import type { GatewayOptions } from './gateway-options.js';
import { checkGatewayOptions } from './gateway-options-schema.js';
import { buildGeneration, type Generation } from './generation.js';
import { PluginPool } from './plugin-pool.js';
import { ServingGeneration } from './serving-generation.js';

/** What outlives the generations of one gateway: time, chance, sums, circuits, learned latencies, and plugins that stay. */
export class GatewayServices {
  readonly #outer: DependencyContainer;
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #pool: PluginPool;
  readonly #latencies: LearnedLatencies;
  readonly #hedges: HedgeAccounts;
  readonly #keyRings: KeyRings = new WeakMap();
  #gate: LazyGate | undefined;
  #limits: LazyLimits | undefined;
  #cache: LazyCache | undefined;

  constructor({ clock = systemClock, random = Math.random }: Pick<GatewayOptions, 'clock' | 'random'>) {
    this.#clock = clock;
    this.#random = random;
    this.#outer = container.createChildContainer();
    this.#outer.register(CLOCK, { useValue: clock });
    this.#outer.register(RANDOM, { useValue: random });
    this.#pool = new PluginPool(this.#outer, clock);
    this.#latencies = new LearnedLatencies(clock);
    this.#hedges = new HedgeAccounts(clock);
  }

  /**
   * A generation by these options. When it throws, everything is as it was before.
   * @throws ConfigurationError, DuplicateProviderError
   */
  serve(options: GatewayOptions): ServingGeneration {
    checkGatewayOptions(options);
    this.#checkFixed(options);
    const generation = buildGeneration(this.#outer, options, this.#pool);
    const kept = this.#kept(options, generation);
    const clock = this.#clock;
    const retry = withDefaults(DEFAULT_RETRY, options.retry);
    const services = {
      clock,
      random: this.#random,
      latencies: this.#latencies,
      keyRings: this.#keyRings,
      hedges: this.#hedges,
      ...kept,
    };
    return new ServingGeneration(generation, compilePipeline(options, retry, generation, services), {
      clock,
      hooks: new GatewayHooks(options),
      limits: kept.limits,
      defaults: options.defaults ?? {},
      maxAttempts: retry.maxAttempts,
      strict: options.strict ?? false,
      hasHedging: hasHedging(options),
      latencies: this.#latencies,
      gate: kept.gate,
      hasCache: options.cache !== undefined,
    });
  }

  async close(): Promise<void> {
    await this.#limits?.close();
    await this.#outer.dispose();
  }

  /** Circuits, sums and answers as far as the options still ask for them. Those of before go on, by the new options. */
  #kept(options: GatewayOptions, { models, routes, slots }: Generation) {
    const clock = this.#clock;
    if (options.gate !== undefined) {
      if (this.#gate === undefined) this.#gate = new LazyGate(options.gate, slots, { clock, random: this.#random });
      else this.#gate.reconfigure(options.gate, slots);
    }
    const terms = { clock, models, routes };
    if (options.limits !== undefined) {
      if (this.#limits === undefined) this.#limits = new LazyLimits(options.limits, terms);
      else this.#limits.reconfigure(options.limits, terms);
    }
    if (JSON.stringify(options.cache) !== JSON.stringify(this.#cache?.options))
      this.#cache = options.cache && new LazyCache(options.cache, clock);
    return {
      gate: options.gate && this.#gate,
      limits: options.limits && this.#limits,
      cache: this.#cache,
    };
  }

  /** @throws ConfigurationError for what cannot change while a gateway runs */
  #checkFixed({ limits }: GatewayOptions): void {
    if (limits === undefined || this.#limits === undefined) return;
    const [before, after] = [this.#limits.fixed, withDefaults(LIMITS_DEFAULTS, limits)];
    const issues = FIXED_LIMITS.flatMap((name): readonly InputIssue[] =>
      before[name] === after[name]
        ? []
        : [
            {
              field: `limits.${name}`,
              message: 'cannot change while the gateway runs: its sums are kept by it.',
              remedy: 'Start the gateway anew.',
            },
          ],
    );
    if (issues.length > 0) throw new ConfigurationError('createGateway', issues);
  }
}
