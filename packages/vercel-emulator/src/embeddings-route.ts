import { z } from 'zod';
import { checkedBody } from './checked-body.js';
import { type AskedEmbeddings, MAX_INPUTS, makeEmbeddings } from './embedding-answer.js';
import { base64OfVector } from './embedding-vector.js';
import { providerMetadata } from './generated.js';
import { generatingRoute } from './generating-route.js';
import { jsonReply } from './reply.js';
import { DIMENSION_OPTIONS, routedFields, upstreamOption } from './routed-body.js';

const text = z.string().min(1, 'must not be empty');
const embeddingsSchema = z.looseObject({
  ...routedFields,
  input: z.union([text, z.array(text).min(1).max(MAX_INPUTS)], {
    error: `must be a text or an array of 1 to ${MAX_INPUTS} texts, none of them empty`,
  }),
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

interface Asked extends AskedEmbeddings {
  readonly encoding: 'float' | 'base64';
}

/** OpenAI-style embeddings: numbers unless base64 is asked for. */
export const embeddingsRoute = generatingRoute<Asked, readonly Float32Array[]>({
  path: /^\/v1\/embeddings$/,
  modelType: 'embedding',
  parse({ body }) {
    const request = checkedBody(embeddingsSchema, body);
    const inputs = [request.input].flat();
    const option = upstreamOption(request.providerOptions, DIMENSION_OPTIONS);
    const named = request.dimensions ?? undefined;
    const dimensions = named ?? (typeof option === 'number' ? option : undefined);
    const fields = { inputs: 'input', dimensions: named === undefined ? 'providerOptions' : 'dimensions' };
    const encoding = request.encoding_format ?? 'float';
    return {
      asked: { inputs, dimensions, fields, encoding },
      routing: request,
      session: inputs[0] ?? '',
      streamed: false,
    };
  },
  make: makeEmbeddings,
  write(generated, { encoding }, finished) {
    const tokens = generated.counts.prompt;
    return jsonReply(200, {
      object: 'list',
      data: generated.answer.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: encoding === 'base64' ? base64OfVector(vector) : Array.from(vector),
      })),
      model: generated.askedModel,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
      providerMetadata: providerMetadata(generated, finished()),
    });
  },
});
