import type { ModelInfo, ModelSource } from '@headrace/core/plugin';

/** Facts of a model for a test: only `id` must be given. */
export type ModelFacts = Partial<ModelInfo> & { readonly id: string };

/** A whole `ModelInfo`: a language model of this provider, facts by the host, of 1 January 2026, unless `facts` says otherwise. */
export const modelInfo = (provider: string, facts: ModelFacts): ModelInfo => ({
  provider,
  type: 'language',
  parameters: {},
  provenance: { origin: 'host', asOf: '2026-01-01' },
  ...facts,
});

/** A source that knows these models and never hears of others. */
export const modelSource = (provider: string, models: readonly ModelInfo[]): ModelSource => {
  const byId = new Map(models.map((model) => [model.id, model]));
  return {
    provider,
    find: (modelId) => byId.get(modelId),
    list: () => [...byId.values()],
    lookUp: (modelId) => Promise.resolve(byId.get(modelId)),
  };
};
