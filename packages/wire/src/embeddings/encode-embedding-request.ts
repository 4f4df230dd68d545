import type { EmbeddingRequest, JsonObject, JsonValue } from '@headrace/core/plugin';

export interface EmbeddingRequestOptions {
  /** How the vectors are to be sent; either form of answer is understood. Default `base64`: a quarter of the bytes. */
  readonly encoding?: 'base64' | 'float';
}

/** The body of an OpenAI-style embedding request, without options of any provider. */
export const encodeEmbeddingRequest = (
  { model, inputs, dimensions, endUser }: EmbeddingRequest,
  { encoding = 'base64' }: EmbeddingRequestOptions = {},
): JsonObject => {
  const body: Record<string, JsonValue> = { model, input: inputs, encoding_format: encoding };
  if (dimensions !== undefined) body['dimensions'] = dimensions;
  if (endUser !== undefined) body['user'] = endUser;
  return body;
};
