import type { InjectionToken } from 'tsyringe';
import type { Clock, RandomSource } from '../contract/clock.js';
import type { ModelSource, Provider } from '../contract/provider.js';

// Asserted, not annotated: an annotated symbol resolves to `unknown` in its own file.
/** What a plugin provides: the upstream. */
export const PROVIDER = Symbol('Provider') as InjectionToken<Provider>;
/** What a plugin may provide: facts about its models. */
export const MODEL_SOURCE = Symbol('ModelSource') as InjectionToken<ModelSource>;
/** What a plugin may take. */
export const CLOCK = Symbol('Clock') as InjectionToken<Clock>;
export const RANDOM = Symbol('RandomSource') as InjectionToken<RandomSource>;

/** How model references without a provider are read. An object: the container takes no bare `null`. */
export interface ReferenceRules {
  readonly defaultProvider: string | undefined;
  /** Names of routes, for suggestions. */
  readonly routes: readonly string[];
}

/** Core's own: everything the plugins of a generation provide. */
export const PROVIDERS = Symbol('Providers') as InjectionToken<readonly Provider[]>;
export const MODEL_SOURCES = Symbol('ModelSources') as InjectionToken<readonly ModelSource[]>;
export const REFERENCE_RULES = Symbol('ReferenceRules') as InjectionToken<ReferenceRules>;
