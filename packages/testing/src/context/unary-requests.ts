import type { EmbeddingRequest, ImageRequest, RerankingRequest } from '@headrace/core/plugin';

/** A request as a provider gets it: the texts `Hello` and `Goodbye`, model `test/embed`, unless `overrides` says otherwise. */
export const embeddingRequest = (overrides: Partial<EmbeddingRequest> = {}): EmbeddingRequest => ({
  kind: 'embedding',
  model: 'test/embed',
  delivery: 'whole',
  inputs: ['Hello', 'Goodbye'],
  ...overrides,
});

/** A request as a provider gets it: three documents, model `test/rerank`, unless `overrides` says otherwise. */
export const rerankingRequest = (overrides: Partial<RerankingRequest> = {}): RerankingRequest => ({
  kind: 'reranking',
  model: 'test/rerank',
  delivery: 'whole',
  query: 'Which is a river?',
  documents: ['The Alps', 'The Danube', 'The Sahara'],
  ...overrides,
});

/** A request as a provider gets it: one image from words, model `test/image`, unless `overrides` says otherwise. */
export const imageRequest = (overrides: Partial<ImageRequest> = {}): ImageRequest => ({
  kind: 'image',
  model: 'test/image',
  delivery: 'whole',
  prompt: 'A heron by a weir',
  ...overrides,
});
