import { ApiError, invalidRequest, modelNotFound, modelTypeMismatch } from './api-error.js';
import type { Catalogue } from './catalogue.js';
import type { SeedModel } from './catalogue-seed.js';
import type { ChatRequest, GatewayOptions } from './chat-request.js';
import type { Warning } from './parameter-support.js';
import { type ServingProvider, servingProviders } from './serving-providers.js';

/** The fields of a request that say who may serve it. */
export type RoutedRequest = Pick<ChatRequest, 'model' | 'models' | 'provider' | 'providerOptions'>;

export type SortOption = 'cost' | 'ttft' | 'tps';

export interface PlannedAttempt {
  readonly provider: string;
  readonly credentialType: 'system' | 'byok';
}

/** The providers of one model in the order in which they are tried. */
export interface ModelPlan {
  readonly model: SeedModel;
  readonly providers: readonly ServingProvider[];
  readonly attempts: readonly PlannedAttempt[];
  readonly sort: SortOption | undefined;
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

function allowed(model: SeedModel, options: GatewayOptions): readonly ServingProvider[] {
  const all = servingProviders(model);
  const { only, inferenceRegion } = options;
  const named = only === undefined ? all : all.filter(({ slug }) => only.includes(slug));
  if (named.length === 0) {
    const available = all.map(({ slug }) => slug).join(', ');
    throw invalidRequest(
      `No allowed provider is available for model '${model.id}'. Available providers: ${available}`,
      'providerOptions',
    );
  }
  const private_ = named.filter(
    (provider) =>
      (options.zeroDataRetention !== true || provider.zdr) &&
      (options.disallowPromptTraining !== true || provider.noTraining),
  );
  if (private_.length === 0) {
    const message = `No provider of model '${model.id}' keeps to the data rules that were asked for`;
    throw new ApiError(400, { message, type: 'no_providers_available' });
  }
  const zone = inferenceRegion?.scope === 'zone' ? inferenceRegion.geoRegion : undefined;
  const near = zone === undefined ? private_ : private_.filter(({ zones }) => zones.includes(zone));
  if (near.length === 0) {
    throw invalidRequest(
      `No provider of model '${model.id}' can hold inference in region '${zone}'`,
      'providerOptions',
    );
  }
  return near;
}

function ranked(model: SeedModel, options: GatewayOptions, sort: SortOption | undefined): readonly ServingProvider[] {
  const candidates = allowed(model, options);
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

function planModel(model: SeedModel, options: GatewayOptions, sort: SortOption | undefined): ModelPlan {
  const missing = options.has?.find((capability) => !has(model, capability));
  if (missing !== undefined) {
    throw new ApiError(400, {
      message: `Model '${model.id}' does not have '${missing}'`,
      type: 'no_providers_available',
    });
  }
  const providers = ranked(model, options, sort);
  const attempts = providers.flatMap(({ slug }): PlannedAttempt[] => {
    const own = (options.byok?.[slug] ?? []).map((): PlannedAttempt => ({ provider: slug, credentialType: 'byok' }));
    return [...own, { provider: slug, credentialType: 'system' }];
  });
  return { model, providers, attempts, sort };
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
export function planRoute(request: RoutedRequest, catalogue: Pick<Catalogue, 'find'>, type: string): RoutingPlan {
  const options = request.providerOptions?.gateway ?? {};
  const sort = options.sort ?? request.provider?.sort;
  const first = planModel(findModel(catalogue, request.model, type), options, sort);
  const fallbacks: ModelPlan[] = [];
  const warnings: Warning[] = [];
  for (const id of request.models ?? options.models ?? []) {
    if (id === request.model) continue;
    try {
      fallbacks.push(planModel(findModel(catalogue, id, type), options, sort));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      warnings.push({ type: 'other', message: `Fallback model left out: ${error.message}` });
    }
  }
  return { models: [first, ...fallbacks], warnings };
}
