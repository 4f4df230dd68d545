import { InvalidRequestError } from '../../errors/caller-errors.js';
import { didYouMean } from '../../errors/nearest.js';
import type { CompletionOptions, ExplainOptions } from '../gateway.js';
import type { PreparedCall } from '../prepared-call.js';
import { prepareEmbedding, prepareImage, prepareReranking } from '../unary/prepare-unary.js';
import type { EmbedOptions, ImageOptions, RerankOptions } from '../unary-options.js';

const KINDS = ['completion', 'embedding', 'reranking', 'image'];

/**
 * The call that is asked about, checked as if it were made.
 * @throws InvalidRequestError naming every field that is wrong
 */
export const prepareExplained = (
  options: ExplainOptions,
  completion: (options: CompletionOptions<unknown>) => PreparedCall,
): PreparedCall => {
  const given: unknown = options;
  // What is no object is told so by the check of completions.
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return completion(options as never);
  const { kind = 'completion', ...rest } = options;
  if (kind === 'completion') return completion(rest as CompletionOptions<unknown>);
  if (kind === 'embedding') return prepareEmbedding(rest as EmbedOptions);
  if (kind === 'reranking') return prepareReranking(rest as RerankOptions);
  if (kind === 'image') return prepareImage(rest as ImageOptions);
  const remedy = didYouMean(String(kind), KINDS).trim() || `It is one of ${KINDS.join(', ')}.`;
  throw new InvalidRequestError([{ field: 'kind', message: `"${String(kind)}" is not a kind of request.`, remedy }]);
};
