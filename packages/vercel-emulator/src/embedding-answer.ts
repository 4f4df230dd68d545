import { invalidRequest } from './api-error.js';
import { dimensionsFault, dimensionsOf } from './embedding-dimensions.js';
import { embeddingVector } from './embedding-vector.js';
import type { Made, Serving } from './generating-route.js';
import { countTokens } from './token-count.js';

/** Texts to be turned into vectors, whatever dialect they came in. */
export interface AskedEmbeddings {
  readonly inputs: readonly string[];
  /** Undefined: as many numbers as the model gives by itself. */
  readonly dimensions: number | undefined;
  /** Names of the fields, for errors. */
  readonly fields: { readonly inputs: string; readonly dimensions: string };
}

/** Texts that one request may hold. */
export const MAX_INPUTS = 2048;

/**
 * One vector for each text, in their order.
 * @throws ApiError with status 400 for a text that is too long and for dimensions that the model does not have
 */
export function makeEmbeddings(
  { inputs, dimensions, fields }: AskedEmbeddings,
  { model }: Serving,
): Made<readonly Float32Array[]> {
  const possible = dimensionsOf(model.id);
  const wanted = dimensions ?? possible.default;
  const fault = dimensionsFault(possible, wanted);
  if (fault !== undefined) {
    throw invalidRequest(`Invalid input: ${fields.dimensions} of model '${model.id}' ${fault}`, fields.dimensions);
  }
  const tokens = inputs.map(countTokens);
  const most = model.contextWindow ?? Infinity;
  const long = tokens.findIndex((count) => count > most);
  if (long >= 0) {
    const message = `Invalid input: ${fields.inputs}[${long}] has ${tokens[long]} tokens; model '${model.id}' takes ${most}`;
    throw invalidRequest(message, fields.inputs, 'context_length_exceeded');
  }
  const prompt = tokens.reduce((sum, count) => sum + count, 0);
  return {
    answer: inputs.map((text) => embeddingVector(text, wanted, model.id)),
    counts: { prompt, cached: 0, cacheWritten: 0, completion: 0, reasoning: 0, image: 0 },
    finishReason: 'stop',
  };
}
