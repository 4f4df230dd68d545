import type { DependencyContainer } from 'tsyringe';
import type { Clock } from '../contract/clock.js';
import { Lifecycle } from '../di/container.js';
import type { ProviderModule } from '../di/provider-module.js';
import { CLOCK, MODEL_SOURCES, PROVIDERS, REFERENCE_RULES } from '../di/tokens.js';
import { ConfigurationError, type InputIssue } from '../errors/caller-errors.js';
import type { ModelClocks } from '../pipeline/clocks-stage.js';
import { byTarget } from '../registry/by-target.js';
import { GivenFacts } from '../registry/given-facts.js';
import { ModelRegistry } from '../registry/model-registry.js';
import { ProviderRegistry } from '../registry/provider-registry.js';
import { buildRoutes, type Routes } from '../registry/routes.js';
import type { GatewayOptions } from './gateway-options.js';
import { PluginPool } from './plugin-pool.js';
import type { Plugin } from './plugin-registration.js';

/** What one set of options gave: providers and registries. A reload builds another beside it. */
export interface Generation {
  readonly providers: ProviderRegistry;
  readonly models: ModelRegistry;
  /** Absent without any. */
  readonly routes: Routes | undefined;
  /** Attempts at one time at single targets, by `provider:model`. */
  readonly slots: ReadonlyMap<string, number>;
  readonly modelClocks: ModelClocks;
  /** Sets its providers apart from others of the same ids. */
  readonly identity: readonly string[];
  close(): Promise<void>;
}

type WiringOptions = Pick<
  GatewayOptions,
  'providers' | 'defaultProvider' | 'routes' | 'models' | 'gate' | 'clocks' | 'limits'
>;

const registriesOf = (
  inner: DependencyContainer,
  plugins: readonly Plugin[],
  { defaultProvider, routes = {} }: WiringOptions,
): Pick<Generation, 'providers' | 'models'> => {
  inner.register(PROVIDERS, { useValue: plugins.map(({ provider }) => provider) });
  inner.register(MODEL_SOURCES, { useValue: plugins.flatMap(({ source }) => source ?? []) });
  inner.register(REFERENCE_RULES, { useValue: { defaultProvider, routes: Object.keys(routes) } });
  // Built here rather than by the container: it would wrap our errors in its own.
  const providers = new ProviderRegistry(plugins.map(({ provider }) => provider));
  inner.register(ProviderRegistry, { useValue: providers });
  inner.register(ModelRegistry, { useClass: ModelRegistry }, { lifecycle: Lifecycle.ContainerScoped });
  return { providers, models: inner.resolve(ModelRegistry) };
};

/** Models that have limits: a name that is none would never be met. */
const limitedModels = ({ limits, routes = {} }: WiringOptions): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(limits?.models ?? {}).filter(([name]) => !Object.hasOwn(routes, name)));

/** Lets the host's word about models go over that of their sources. @throws ConfigurationError */
const giveFacts = (models: ModelRegistry, given: NonNullable<WiringOptions['models']>, clock: Clock): void => {
  const issues: InputIssue[] = [];
  const facts = byTarget(given, models, 'models', issues);
  if (issues.length > 0) throw new ConfigurationError('createGateway', issues);
  models.give(new GivenFacts(facts, new Date(clock.epochMs()).toISOString().slice(0, 10)));
};

/** @throws ConfigurationError */
const perTargetOf = (options: WiringOptions, models: ModelRegistry): Pick<Generation, 'slots' | 'modelClocks'> => {
  const { gate, clocks } = options;
  const issues: InputIssue[] = [];
  byTarget(limitedModels(options), models, 'limits.models', issues);
  const slots = byTarget(gate?.concurrency?.targets ?? {}, models, 'gate.concurrency.targets', issues);
  const modelClocks = byTarget(clocks?.models ?? {}, models, 'clocks.models', issues);
  if (issues.length > 0) throw new ConfigurationError('createGateway', issues);
  return { slots, modelClocks };
};

/**
 * Builds what one set of options gives. Wiring that is wrong fails here, not on the first call, and what was built before
 * it failed is closed, unless another generation has it.
 * @param outer what outlives the generation. @param pool the gateway's plugins: those of modules that it has stay as they are
 * @throws ConfigurationError, DuplicateProviderError
 */
export const buildGeneration = (
  outer: DependencyContainer,
  options: WiringOptions,
  pool = new PluginPool(outer, outer.resolve(CLOCK)),
): Generation => {
  const inner = outer.createChildContainer();
  const taken: ProviderModule[] = [];
  const close = async (): Promise<void> => {
    try {
      await pool.release(taken);
    } finally {
      await inner.dispose();
    }
  };
  try {
    const plugins = options.providers.map((module) => {
      const plugin = pool.take(module);
      taken.push(module);
      return plugin;
    });
    const registries = registriesOf(inner, plugins, options);
    if (options.models !== undefined) giveFacts(registries.models, options.models, outer.resolve(CLOCK));
    const { routes: given, defaultProvider } = options;
    const routes = given === undefined ? undefined : buildRoutes(given, registries, defaultProvider);
    const perTarget = perTargetOf(options, registries.models);
    const identity = plugins.map(({ provider, serial }) => `${provider.id} ${serial}`);
    return { ...registries, ...perTarget, routes, identity, close };
  } catch (error) {
    // The wiring fault is what the host must hear of; a failure to close on top of it is not.
    void close().catch(() => {});
    throw error;
  }
};
