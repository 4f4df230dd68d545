import type { ProviderOptions } from '../contract/message.js';
import type { GenerationParameters } from '../contract/parameters.js';
import { ConfigurationError, type InputIssue } from '../errors/caller-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { RouteOptions, RouteTargetOptions } from '../gateway/route-options.js';
import { familyFault } from './model-family.js';
import type { ModelRegistry } from './model-registry.js';
import type { ProviderRegistry } from './provider-registry.js';
import { nameOf, type Target } from './target.js';

export interface RouteTarget {
  /** As the host wrote it. */
  readonly reference: string;
  /** `provider:model`. */
  readonly name: string;
  /** Its share of the calls, beside the weights of the others. */
  readonly weight: number;
  /** Over the defaults, under the caller's own. */
  readonly parameters?: GenerationParameters | undefined;
  readonly providerOptions?: ProviderOptions | undefined;
}

/** Targets under one name, checked. */
export interface Route {
  readonly name: string;
  /** In the order of the host, at least one. */
  readonly targets: readonly RouteTarget[];
  readonly strategy: NonNullable<RouteOptions['strategy']>;
  /** Share of the calls that measure another target than the fastest, 0–1. */
  readonly explore: number;
  readonly recovery: RouteOptions['recovery'];
  /** Of every call by this route, over the gateway's. */
  readonly defaults?: GenerationParameters | undefined;
  /** What it says of second attempts. */
  readonly hedging?: RouteOptions['hedging'];
}

export type Routes = ReadonlyMap<string, Route>;
export type RoutesOptions = Readonly<Record<string, RouteOptions>>;

/** What routes are checked against. */
export interface Registries {
  readonly providers: ProviderRegistry;
  readonly models: ModelRegistry;
}

const NO_EFFECT: Readonly<Record<Route['strategy'], string>> = {
  'in-order': 'has no effect in order.',
  weighted: 'has no effect by weight.',
  fastest: 'has no effect where the fastest is asked.',
  cheapest: 'has no effect where the cheapest is asked.',
};
const NEWER = 'A model newer than the known facts is made known by an option of its provider.';
const WEIGHTED = "Set `strategy: 'weighted'`.";
const FASTEST = "Set `strategy: 'fastest'`.";
/** Enough to notice in time that another target has become faster. */
const DEFAULT_EXPLORE = 0.05;

class RouteCheck {
  readonly issues: InputIssue[] = [];

  constructor(
    private readonly given: RoutesOptions,
    private readonly registries: Registries,
    private readonly defaultProvider: string | undefined,
  ) {}

  route(
    name: string,
    { targets: given, strategy = 'in-order', explore, defaults, recovery, hedging }: RouteOptions,
  ): Route {
    const field = `routes.${name}`;
    this.#name(name, field);
    if (explore !== undefined && strategy !== 'fastest')
      this.issues.push({ field: `${field}.explore`, message: NO_EFFECT[strategy], remedy: FASTEST });
    const targets: RouteTarget[] = [];
    let embedding: Target | undefined;
    for (const [at, one] of given.entries()) {
      const place = `${field}.targets[${at}]`;
      const {
        model: reference,
        weight,
        parameters,
        providerOptions,
      }: RouteTargetOptions = typeof one === 'string' ? { model: one } : one;
      if (weight !== undefined && strategy !== 'weighted')
        this.issues.push({ field: `${place}.weight`, message: NO_EFFECT[strategy], remedy: WEIGHTED });
      const target = this.#target(reference, place);
      if (target === undefined) continue;
      if (targets.some((one) => one.name === nameOf(target)))
        this.issues.push({ field: place, message: `"${reference}" is already a target of this route.` });
      targets.push({ reference, name: nameOf(target), weight: weight ?? 1, parameters, providerOptions });
      if (target.info?.type !== 'embedding') continue;
      const fault = embedding === undefined ? undefined : familyFault(target, embedding);
      embedding ??= target;
      if (fault !== undefined)
        this.issues.push({ field: place, message: `${fault}.`, remedy: 'Make two routes of it.' });
    }
    return { name, targets, strategy, explore: explore ?? DEFAULT_EXPLORE, defaults, recovery, hedging };
  }

  #name(name: string, field: string): void {
    const { providers, models } = this.registries;
    if (!/^[a-z0-9-]+$/.test(name))
      this.issues.push({ field, message: `"${name}" is not a route name.`, remedy: 'Use a–z, 0–9 and hyphens.' });
    else if (providers.find(name) !== undefined)
      this.issues.push({ field, message: `"${name}" is already the name of a provider.`, remedy: 'Take another.' });
    else if (this.defaultProvider !== undefined && models.resolveNow(name)?.info !== undefined) {
      const message = `"${name}" is already a model of the default provider "${this.defaultProvider}".`;
      this.issues.push({ field, message, remedy: 'Take another.' });
    }
  }

  #target(reference: string, field: string): Target | undefined {
    const { models } = this.registries;
    if (Object.hasOwn(this.given, reference)) {
      this.issues.push({ field, message: `"${reference}" is a route; the targets of a route are models.` });
      return undefined;
    }
    try {
      const target = models.resolveNow(reference);
      if (target === undefined) this.issues.push({ field, message: models.notFound(reference).message, remedy: NEWER });
      return target;
    } catch (error) {
      if (!GatewayError.is(error)) throw error;
      this.issues.push({ field, message: error.message });
      return undefined;
    }
  }
}

/** The routes of a gateway, by name. @throws ConfigurationError naming every field that is wrong */
export const buildRoutes = (
  given: RoutesOptions,
  registries: Registries,
  defaultProvider: string | undefined,
): Routes => {
  const check = new RouteCheck(given, registries, defaultProvider);
  const routes = new Map<string, Route>();
  for (const [name, options] of Object.entries(given)) routes.set(name, check.route(name, options));
  if (check.issues.length > 0) throw new ConfigurationError('createGateway', check.issues);
  return routes;
};
