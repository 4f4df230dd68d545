import type { MediaSource } from './message.js';

/** One vector for each input, in the order of the inputs, all equally long. */
export interface EmbeddingResult {
  readonly kind: 'embedding';
  /** In the precision in which upstreams send them: 32 bits. */
  readonly embeddings: readonly Float32Array[];
}

/** One document's place in the order. */
export interface RankedDocument {
  /** Which of the documents that were given, from 0. */
  readonly index: number;
  /** How much it has to do with the query: more is better. The scale is the model's, mostly 0–1. */
  readonly relevanceScore: number;
}

/** The best first; no document twice. */
export interface RerankingResult {
  readonly kind: 'reranking';
  readonly ranking: readonly RankedDocument[];
}

export interface GeneratedImage {
  readonly source: MediaSource;
  /** IANA media type, such as `image/png`. Absent when neither the upstream nor the bytes tell. */
  readonly mediaType?: string;
  /** The prompt as the upstream changed it, where it did and tells. */
  readonly revisedPrompt?: string;
}

/** At least one image. */
export interface ImageResult {
  readonly kind: 'image';
  readonly images: readonly GeneratedImage[];
}

/** The answer to a request of any kind but a completion, whose answer is its events. */
export type ModelResult = EmbeddingResult | RerankingResult | ImageResult;
