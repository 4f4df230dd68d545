import type { EmbeddingResult, GeneratedImage, ImageResult, RerankingResult } from '@headrace/core/plugin';

/** The answer to an embedding request: one vector for each input. `end({ result: embeddingResult([1, 2], [3, 4]) })`. */
export const embeddingResult = (...vectors: readonly (readonly number[])[]): EmbeddingResult => ({
  kind: 'embedding',
  embeddings: vectors.map((vector) => Float32Array.from(vector)),
});

/** The answer to a reranking: pairs of a document's index and its score, in the order given. */
export const rerankingResult = (...ranking: readonly (readonly [index: number, score: number])[]): RerankingResult => ({
  kind: 'reranking',
  ranking: ranking.map(([index, relevanceScore]) => ({ index, relevanceScore })),
});

/** The answer to an image request. */
export const imageResult = (...images: readonly GeneratedImage[]): ImageResult => ({ kind: 'image', images });
