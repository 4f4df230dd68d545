import { ApiError, invalidRequest } from './api-error.js';
import type { SeedModel } from './catalogue-seed.js';
import type { GatewayOptions } from './chat-request.js';
import { type ServingProvider, servingProviders } from './serving-providers.js';

/** A provider that serves the model, but not this request. */
export interface SkippedProvider {
  readonly provider: string;
  /** The option that ruled it out. */
  readonly reason: string;
}

export interface EligibleProviders {
  /** Never empty. */
  readonly providers: readonly ServingProvider[];
  readonly skipped: readonly SkippedProvider[];
}

interface Filter {
  readonly reason: string;
  readonly keeps: (provider: ServingProvider) => boolean;
  /** The error when it keeps none. */
  readonly nobody: () => ApiError;
}

const noneKeepsDataRules = (model: SeedModel) => (): ApiError =>
  new ApiError(400, {
    message: `No provider of model '${model.id}' keeps to the data rules that were asked for`,
    type: 'no_providers_available',
  });

function filtersOf(model: SeedModel, options: GatewayOptions, all: readonly ServingProvider[]): readonly Filter[] {
  const { only, inferenceRegion, zeroDataRetention, disallowPromptTraining } = options;
  const zone = inferenceRegion?.scope === 'zone' ? inferenceRegion.geoRegion : undefined;
  return [
    ...(only === undefined
      ? []
      : [
          {
            reason: 'not in only',
            keeps: ({ slug }: ServingProvider) => only.includes(slug),
            nobody: () =>
              invalidRequest(
                `No allowed provider is available for model '${model.id}'. Available providers: ${all.map(({ slug }) => slug).join(', ')}`,
                'providerOptions',
              ),
          },
        ]),
    ...(zeroDataRetention === true
      ? [{ reason: 'keeps data', keeps: ({ zdr }: ServingProvider) => zdr, nobody: noneKeepsDataRules(model) }]
      : []),
    ...(disallowPromptTraining === true
      ? [
          {
            reason: 'may train on prompts',
            keeps: ({ noTraining }: ServingProvider) => noTraining,
            nobody: noneKeepsDataRules(model),
          },
        ]
      : []),
    ...(zone === undefined
      ? []
      : [
          {
            reason: `no inference in ${zone}`,
            keeps: ({ zones }: ServingProvider) => zones.includes(zone),
            nobody: () =>
              invalidRequest(
                `No provider of model '${model.id}' can hold inference in region '${zone}'`,
                'providerOptions',
              ),
          },
        ]),
  ];
}

/**
 * Who may serve a model under the options of a request, in the emulator's order, and why the others may not.
 * @throws ApiError with status 400 when nobody is left
 */
export function eligibleProviders(model: SeedModel, options: GatewayOptions): EligibleProviders {
  const all = servingProviders(model);
  const skipped: SkippedProvider[] = [];
  let providers = all;
  for (const { reason, keeps, nobody } of filtersOf(model, options, all)) {
    skipped.push(...providers.filter((one) => !keeps(one)).map(({ slug }) => ({ provider: slug, reason })));
    providers = providers.filter(keeps);
    if (providers.length === 0) throw nobody();
  }
  return { providers, skipped };
}
