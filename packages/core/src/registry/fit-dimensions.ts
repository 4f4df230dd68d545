import type { DimensionFacts, ModelInfo } from '../contract/model-info.js';
import type { EmbeddingRequest } from '../contract/unary-request.js';
import { InvalidRequestError } from '../errors/caller-errors.js';

const wordsFor = ({ values, min, max }: DimensionFacts): string => {
  if (values !== undefined) return values.length === 1 ? `${values[0]} only` : `one of ${values.join(', ')}`;
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `between ${min} and ${max}`;
};

const isTaken = (asked: number, { values, min, max }: DimensionFacts): boolean =>
  values === undefined ? asked >= (min ?? 1) && asked <= (max ?? asked) : values.includes(asked);

/**
 * The request with dimensions as this model takes them. Unknown is never a no.
 * @throws InvalidRequestError for a number that the model does not have
 */
export const fitDimensions = (request: EmbeddingRequest, { id, dimensions: facts }: ModelInfo): EmbeddingRequest => {
  const { dimensions: asked, ...rest } = request;
  if (asked === undefined || facts === undefined) return request;
  if (!isTaken(asked, facts))
    throw new InvalidRequestError([{ field: 'dimensions', message: `is ${asked}; ${id} takes ${wordsFor(facts)}.` }]);
  // What the model does anyway need not be asked for, and such a model refuses to be asked.
  return facts.values?.length === 1 ? rest : request;
};
