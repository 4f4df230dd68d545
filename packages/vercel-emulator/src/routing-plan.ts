import { ApiError, modelNotFound, modelTypeMismatch } from './api-error.js';
import type { Catalogue } from './catalogue.js';
import type { SeedModel } from './catalogue-seed.js';
import type { ChatRequest, GatewayOptions } from './chat-request.js';
import { eligibleProviders, type SkippedProvider } from './eligible-providers.js';
import { atSpeed, isFastMode } from './fast-mode.js';
import type { Warning } from './parameter-support.js';
import { byHealth } from './provider-health.js';
import type { ServingProvider } from './serving-providers.js';

/** The fields of a request that say who may serve it. */
export type RoutedRequest = Pick<ChatRequest, 'model' | 'models' | 'provider' | 'providerOptions'>;

export type SortOption = 'cost' | 'ttft' | 'tps';

export interface PlannedAttempt {
  readonly provider: string;
  readonly credentialType: 'system' | 'byok';
  /** `providerTimeouts`, which are for own credentials only. Absent: none. */
  readonly timeoutMs?: number;
}

/** The providers of one model in the order in which they are tried. */
export interface ModelPlan {
  readonly model: SeedModel;
  readonly providers: readonly ServingProvider[];
  readonly attempts: readonly PlannedAttempt[];
  readonly sort: SortOption | undefined;
  /** Providers of the model that the options of the request ruled out. */
  readonly skipped: readonly SkippedProvider[];
  /** Fast mode was asked for, and the model has it. */
  readonly isFast: boolean;
  /** The zone that inference is held in. */
  readonly zone: 'us' | 'eu' | undefined;
  readonly health: ReadonlyMap<string, 'degraded' | 'down'>;
}

export interface RoutingPlan {
  /** The model of the request and its fallbacks. Never empty. */
  readonly models: readonly [ModelPlan, ...ModelPlan[]];
  readonly warnings: readonly Warning[];
}

/** The value by which providers are ranked. Prices are those of the catalogue and equal for all. */
export function sortMetric(model: SeedModel, provider: ServingProvider, sort: SortOption): number {
  if (sort === 'cost') return model.pricing?.input ?? 0;
  return sort === 'ttft' ? provider.firstTokenMs : provider.tokensPerSecond;
}

function ranked(
  candidates: readonly ServingProvider[],
  model: SeedModel,
  options: GatewayOptions,
  sort: SortOption | undefined,
): readonly ServingProvider[] {
  const bySort =
    sort === undefined
      ? candidates
      : candidates.toSorted((left, right) => {
          const difference = sortMetric(model, left, sort) - sortMetric(model, right, sort);
          return sort === 'tps' ? -difference : difference;
        });
  const order = options.order ?? [];
  const place = ({ slug }: ServingProvider): number => (order.includes(slug) ? order.indexOf(slug) : order.length);
  return bySort.toSorted((left, right) => place(left) - place(right));
}

function has(model: SeedModel, capability: 'implicit-caching' | 'vision'): boolean {
  if (capability === 'vision') return model.modalities?.input?.includes('image') === true;
  return model.pricing?.cacheRead !== undefined && model.creator !== 'anthropic';
}

function planModel(
  asked: SeedModel,
  options: GatewayOptions,
  sort: SortOption | undefined,
  catalogue: Pick<Catalogue, 'find'>,
  health: ReadonlyMap<string, 'degraded' | 'down'>,
): ModelPlan {
  const model = atSpeed(asked, options, catalogue);
  const isFast = options.speed === 'fast' && isFastMode(model, catalogue);
  const zone = options.inferenceRegion?.scope === 'zone' ? options.inferenceRegion.geoRegion : undefined;
  const missing = options.has?.find((capability) => !has(model, capability));
  if (missing !== undefined) {
    throw new ApiError(400, {
      message: `Model '${model.id}' does not have '${missing}'`,
      type: 'no_providers_available',
    });
  }
  const { providers: candidates, skipped } = eligibleProviders(model, options);
  const providers = byHealth(ranked(candidates, model, options, sort), health);
  const timeouts = new Map(Object.entries(options.providerTimeouts?.byok ?? {}));
  const attempts = providers.flatMap(({ slug }): PlannedAttempt[] => {
    const timeoutMs = timeouts.get(slug);
    const byok = {
      provider: slug,
      credentialType: 'byok' as const,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const own = (options.byok?.[slug] ?? []).map((): PlannedAttempt => byok);
    return [...own, { provider: slug, credentialType: 'system' }];
  });
  return { model, providers, skipped, attempts, sort, isFast, zone, health };
}

function findModel(catalogue: Pick<Catalogue, 'find'>, id: string, type: string): SeedModel {
  const model = catalogue.find(id);
  if (model === undefined) throw modelNotFound(id);
  if (model.type !== type) throw modelTypeMismatch(id, model.type, type);
  return model;
}

/**
 * Which providers of which models would be asked, in which order. `order` prefers, `only` restricts, `models` are asked
 * after all providers of the model itself.
 * @param type of the models that can answer such a request
 * @throws ApiError with status 404 for an unknown model, 400 for a model of another type or when no provider is left
 */
export function planRoute(
  request: RoutedRequest,
  catalogue: Pick<Catalogue, 'find'>,
  type: string,
  health: ReadonlyMap<string, 'degraded' | 'down'>,
): RoutingPlan {
  const options = request.providerOptions?.gateway ?? {};
  const sort = options.sort ?? request.provider?.sort;
  const first = planModel(findModel(catalogue, request.model, type), options, sort, catalogue, health);
  const fallbacks: ModelPlan[] = [];
  const warnings: Warning[] = [];
  for (const id of request.models ?? options.models ?? []) {
    if (id === request.model) continue;
    try {
      fallbacks.push(planModel(findModel(catalogue, id, type), options, sort, catalogue, health));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      warnings.push({ type: 'other', message: `Fallback model left out: ${error.message}` });
    }
  }
  return { models: [first, ...fallbacks], warnings };
}
