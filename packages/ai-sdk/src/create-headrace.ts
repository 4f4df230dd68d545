import {
  type EmbeddingModelV4,
  type ImageModelV4,
  type LanguageModelV4,
  NoSuchModelError,
  type ProviderV4,
  type RerankingModelV4,
} from '@ai-sdk/provider';
import type { Gateway, ModelReference } from '@headrace/core';
import { HeadraceEmbeddingModel } from './kinds/embedding-model.js';
import { HeadraceImageModel } from './kinds/image-model.js';
import { HeadraceRerankingModel } from './kinds/reranking-model.js';
import { HeadraceLanguageModel } from './language/language-model.js';
import { checkNames, type HeadraceDefaults, OPTION_NAMES } from './shared/own-options.js';

/** What a provider needs of a gateway. One provider of a gateway, `gateway.provider('name')`, does as well. */
export type HeadraceGateway = Pick<Gateway, 'stream' | 'embed' | 'rerank' | 'generateImage'>;

/** A gateway as a provider of the AI SDK. Models are named as in the gateway: a route, `provider:model`, or a bare model. */
export interface HeadraceProvider extends ProviderV4 {
  /** The same as `languageModel`. */
  (modelId: ModelReference<'completion'>): LanguageModelV4;
  languageModel(modelId: ModelReference<'completion'>): LanguageModelV4;
  embeddingModel(modelId: ModelReference<'embedding'>): EmbeddingModelV4;
  imageModel(modelId: ModelReference<'image'>): ImageModelV4;
  rerankingModel(modelId: ModelReference<'reranking'>): RerankingModelV4;
}

const checkId = (modelId: unknown, modelType: NoSuchModelError['modelType']): void => {
  if (typeof modelId === 'string' && modelId !== '') return;
  const message = `A model is named by a text that is not empty: a route of the gateway, or "provider:model".`;
  throw new NoSuchModelError({ modelId: String(modelId), modelType, message });
};

/**
 * Makes a gateway a provider of the AI SDK, by version 4 of its provider specification. The gateway stays the caller's to
 * dispose of.
 * @param defaults what holds for every call that does not say otherwise in `providerOptions.headrace`
 * @throws InvalidArgumentError for a default that is not known
 */
export const createHeadrace = (gateway: HeadraceGateway, defaults: HeadraceDefaults = {}): HeadraceProvider => {
  checkNames(defaults, OPTION_NAMES.defaults, 'defaults');
  const languageModel = (modelId: string): LanguageModelV4 => {
    checkId(modelId, 'languageModel');
    return new HeadraceLanguageModel(modelId, gateway, defaults);
  };
  const provider = (modelId: string): LanguageModelV4 => languageModel(modelId);
  return Object.assign(provider, {
    specificationVersion: 'v4' as const,
    languageModel,
    embeddingModel: (modelId: string): EmbeddingModelV4 => {
      checkId(modelId, 'embeddingModel');
      return new HeadraceEmbeddingModel(modelId, gateway, defaults);
    },
    imageModel: (modelId: string): ImageModelV4 => {
      checkId(modelId, 'imageModel');
      return new HeadraceImageModel(modelId, gateway, defaults);
    },
    rerankingModel: (modelId: string): RerankingModelV4 => {
      checkId(modelId, 'rerankingModel');
      return new HeadraceRerankingModel(modelId, gateway, defaults);
    },
  });
};
