import type { ModelInfo } from './model-info.js';

/**
 * Facts about a model that a host knows better than its provider. Each is in place of what the provider says; of
 * `capabilities` and `modalities` each member is. Prices are one fact: a list that is given is the whole list. A model of
 * which nothing else is known is of type `language`, unless it is said to be of another.
 */
export type ModelFacts = Partial<
  Pick<
    ModelInfo,
    | 'type'
    | 'pricing'
    | 'contextWindow'
    | 'maxInputTokens'
    | 'maxOutputTokens'
    | 'dimensions'
    | 'maxInputsPerCall'
    | 'modalities'
    | 'capabilities'
    | 'tokenizer'
  >
>;
