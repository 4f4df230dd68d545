import type { EmbeddingRequest, MalformedResponseError } from '@headrace/core/plugin';
import { decodeInputUsage } from '../chat/decode-usage.js';
import { isObject, type WireObject } from '../chat/json-object.js';
import type { BodyDecoder } from '../http/body-decoder.js';
import { ReplyDecoder, type ReplyDecoderOptions } from '../reply/reply-decoder.js';
import { decodeVector } from './vector.js';

type Fault = (why: string) => MalformedResponseError;

/** The vectors in the order of the inputs. */
const vectorsOf = (data: unknown, { inputs, dimensions }: EmbeddingRequest, fault: Fault): Float32Array[] => {
  if (!Array.isArray(data)) throw fault('it has no `data`');
  if (data.length !== inputs.length) throw fault(`${data.length} vectors came for ${inputs.length} inputs`);
  const vectors = new Map<number, Float32Array>();
  for (const [place, item] of data.entries()) {
    // Upstreams that do not number their vectors send them in order.
    const index: unknown = isObject(item) ? (item['index'] ?? place) : undefined;
    if (!isObject(item) || typeof index !== 'number' || !Number.isInteger(index))
      throw fault(`item ${place} of \`data\` has no place`);
    if (index < 0 || index >= inputs.length) throw fault(`a vector came for input ${index} of ${inputs.length}`);
    if (vectors.has(index)) throw fault(`two vectors came for input ${index}`);
    const vector = decodeVector(item['embedding']);
    if (vector === undefined)
      throw fault(`the vector of input ${index} is neither a list of numbers nor base64 of them`);
    vectors.set(index, vector);
  }
  // As many as inputs and none twice: so there is one for each.
  const ordered = inputs.flatMap((_, at) => vectors.get(at) ?? []);
  const length = ordered[0]?.length ?? 0;
  const other = ordered.find((vector) => vector.length !== length);
  if (other !== undefined) throw fault(`its vectors have ${length} and ${other.length} dimensions`);
  if (dimensions !== undefined && dimensions !== length)
    throw fault(`its vectors have ${length} dimensions where ${dimensions} were asked for; leave \`dimensions\` out`);
  return ordered;
};

/**
 * Decodes the answer to an OpenAI-style embedding request: vectors as base64 or as lists of numbers, numbered or in
 * order. One that is missing, there twice, of another length than the others or than was asked for, or not finite is a
 * MalformedResponseError.
 */
export const embeddingReplyDecoder = (request: EmbeddingRequest, options: ReplyDecoderOptions): BodyDecoder =>
  new ReplyDecoder(
    {
      name: 'a list of embeddings',
      model: request.model,
      decode: (reply: WireObject, fault) => ({
        result: { kind: 'embedding', embeddings: vectorsOf(reply['data'], request, fault) },
        ...decodeInputUsage(reply['usage']),
      }),
    },
    options,
  );
