import type { ModelRequest } from '../contract/request.js';
import type { EmbeddingResult, ImageResult, ModelResult, RerankingResult } from '../contract/result.js';
import { type EventBatch, isContent } from '../contract/stream-event.js';
import type { EmbeddingRequest, RerankingRequest } from '../contract/unary-request.js';
import { isObject } from '../schema/is-object.js';

/** Whether it is a list of objects: a plugin written without types may send anything. */
const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isObject);

const embeddingFault = (
  { inputs, dimensions }: EmbeddingRequest,
  { embeddings }: EmbeddingResult,
): string | undefined => {
  if (!isList(embeddings)) return 'its `embeddings` are no list of vectors.';
  if (embeddings.length !== inputs.length) return `it made ${embeddings.length} embeddings of ${inputs.length} inputs.`;
  const length = dimensions ?? embeddings[0]?.length;
  for (const [at, vector] of embeddings.entries()) {
    if (!(vector instanceof Float32Array) || vector.length === 0) return `embedding ${at} is not a vector.`;
    if (vector.length !== length) return `embedding ${at} has ${vector.length} dimensions, not ${length}.`;
  }
  return undefined;
};

const rankingFault = ({ documents, topN }: RerankingRequest, { ranking }: RerankingResult): string | undefined => {
  if (!isList(ranking)) return 'its `ranking` is no list of documents.';
  const most = Math.min(documents.length, topN ?? documents.length);
  if (ranking.length > most) return `it ranked ${ranking.length} documents where ${most} were asked for.`;
  const seen = new Set<number>();
  let last = Number.POSITIVE_INFINITY;
  for (const { index, relevanceScore } of ranking) {
    if (!Number.isInteger(index) || index < 0 || index >= documents.length)
      return `it ranked document ${index} of ${documents.length}.`;
    if (seen.has(index)) return `it ranked document ${index} twice.`;
    if (!(Number.isFinite(relevanceScore) && relevanceScore <= last)) return 'its ranking is not in order.';
    seen.add(index);
    last = relevanceScore;
  }
  return undefined;
};

const imageFault = ({ images }: ImageResult): string | undefined => {
  if (!isList(images) || !images.every(({ source }) => isObject(source))) return 'its `images` are no list of images.';
  return images.length === 0 ? 'it made no image.' : undefined;
};

const faultOf = (request: ModelRequest, result: ModelResult): string | undefined => {
  if (request.kind === 'embedding' && result.kind === 'embedding') return embeddingFault(request, result);
  if (request.kind === 'reranking' && result.kind === 'reranking') return rankingFault(request, result);
  if (request.kind === 'image' && result.kind === 'image') return imageFault(result);
  return `its result is of the kind ${JSON.stringify(result.kind)}.`;
};

/** What is wrong with the answer to a request of any kind but a completion, if anything, in words behind "it broke the contract:". */
export const resultFault = (request: ModelRequest, batches: readonly EventBatch[]): string | undefined => {
  for (const event of batches.flatMap(({ events }) => events)) {
    if (isContent(event)) return `it sent \`${event.type}\` for a request of the kind "${request.kind}".`;
    if (event.type !== 'response-end') continue;
    if (event.result === undefined) return `it ended without a result of the kind "${request.kind}".`;
    return isObject(event.result) ? faultOf(request, event.result) : 'its result is none.';
  }
  return 'it ended without a result.';
};
