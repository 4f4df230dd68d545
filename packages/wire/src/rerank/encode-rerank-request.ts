import type { JsonObject, JsonValue, RerankingRequest } from '@headrace/core/plugin';

/**
 * The body of a Cohere-style reranking, without options of any provider. It does not ask for the documents back: whoever
 * asks has them. `rank_fields`, and documents that are objects, belong to the first version of that protocol.
 */
export const encodeRerankRequest = (request: RerankingRequest): JsonObject => {
  const { model, query, documents, topN, maxTokensPerDocument, rankFields } = request;
  const body: Record<string, JsonValue> = { model, query, documents };
  if (topN !== undefined) body['top_n'] = topN;
  if (maxTokensPerDocument !== undefined) body['max_tokens_per_doc'] = maxTokensPerDocument;
  if (rankFields !== undefined) body['rank_fields'] = rankFields;
  return body;
};
