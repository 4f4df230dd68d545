import { z } from 'zod';
import type { Ranked } from './document-ranking.js';
import { type AskedEmbeddings, MAX_INPUTS, makeEmbeddings } from './embedding-answer.js';
import { providerMetadata } from './generated.js';
import { generatingRoute } from './generating-route.js';
import { type AskedImages, makeImages, reportsTokens } from './image-answer.js';
import { generationOf, nativeBody, nativeModel, nativeOptions, nativePath } from './native-request.js';
import { jsonReply } from './reply.js';
import { type AskedRanking, makeRanking } from './rerank-answer.js';
import type { RouteRequest } from './route.js';
import { DIMENSION_OPTIONS, upstreamOption } from './routed-body.js';

const text = z.string().min(1, 'must not be empty');
/** The client sends all images of a call at once. */
const MAX_IMAGES = 100;

const texts = z.array(text).min(1).max(MAX_INPUTS);
const embeddingFields = { dimensions: z.int().min(1).optional(), providerOptions: nativeOptions };
const embeddingSchema = z.looseObject({ values: texts, ...embeddingFields });
/** The second generation has another name for the texts, and sends a single one bare. */
const earlierEmbeddingSchema = z.looseObject({
  input: z.union([text.transform((one) => [one]), texts]),
  ...embeddingFields,
});

function embeddingBody({ params, body }: RouteRequest) {
  if (generationOf(params) !== '2') return { ...nativeBody(embeddingSchema, body), field: 'values' };
  const { input, ...more } = nativeBody(earlierEmbeddingSchema, body);
  return { ...more, values: input, field: 'input' };
}

/** Vectors, in the AI SDK's own protocol. */
export const nativeEmbeddingRoute = generatingRoute<AskedEmbeddings, readonly Float32Array[]>({
  path: nativePath('embedding-model'),
  modelType: 'embedding',
  parse(request) {
    const model = nativeModel(request, 'embedding');
    const { values, dimensions, providerOptions, field } = embeddingBody(request);
    const option = upstreamOption(providerOptions, DIMENSION_OPTIONS);
    const fields = { inputs: field, dimensions: dimensions === undefined ? 'providerOptions' : 'dimensions' };
    return {
      asked: { inputs: values, dimensions: dimensions ?? (typeof option === 'number' ? option : undefined), fields },
      routing: { model, providerOptions },
      session: values[0] ?? '',
      streamed: false,
    };
  },
  make: makeEmbeddings,
  write: (generated, _asked, finished) =>
    jsonReply(200, {
      embeddings: generated.answer.map((vector) => Array.from(vector)),
      usage: { tokens: generated.counts.prompt },
      warnings: generated.warnings,
      providerMetadata: providerMetadata(generated, finished()),
    }),
});

const documents = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), values: z.array(z.string()).min(1) }),
  z.looseObject({ type: z.literal('object'), values: z.array(z.record(z.string(), z.unknown())).min(1) }),
]);
const rerankingSchema = z.looseObject({
  query: text,
  documents,
  topN: z.int().min(1).optional(),
  providerOptions: nativeOptions,
});

/** A ranking, in the AI SDK's own protocol. Objects are ranked by all that they hold. */
export const nativeRerankingRoute = generatingRoute<AskedRanking, readonly Ranked[]>({
  path: nativePath('reranking-model'),
  modelType: 'reranking',
  parse(request) {
    const model = nativeModel(request, 'reranking');
    const { query, documents: given, topN, providerOptions } = nativeBody(rerankingSchema, request.body);
    const texts = given.type === 'text' ? given.values : given.values.map((value) => JSON.stringify(value));
    return {
      asked: { query, documents: texts, topN },
      routing: { model, providerOptions },
      session: query,
      streamed: false,
    };
  },
  make: makeRanking,
  write: (generated, _asked, finished) =>
    jsonReply(200, {
      ranking: generated.answer.map(({ index, score }) => ({ index, relevanceScore: score })),
      warnings: generated.warnings,
      providerMetadata: providerMetadata(generated, finished()),
    }),
});

const imageFile = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('file'), mediaType: z.string(), data: z.string() }),
  z.looseObject({ type: z.literal('url'), url: z.string() }),
]);
const imageSchema = z.looseObject({
  prompt: text,
  n: z.int().min(1).max(MAX_IMAGES).optional(),
  size: z.string().optional(),
  aspectRatio: z.string().optional(),
  seed: z.number().optional(),
  files: z.array(imageFile).optional(),
  mask: imageFile.optional(),
  providerOptions: nativeOptions,
});

/** Addresses are not fetched: an image that comes as one counts by its address. */
const bytesOf = (file: z.infer<typeof imageFile>): Buffer =>
  file.type === 'file' ? Buffer.from(file.data, 'base64') : Buffer.from(file.url);

/** Images, in the AI SDK's own protocol. */
export const nativeImageRoute = generatingRoute<AskedImages, readonly string[]>({
  path: nativePath('image-model'),
  modelType: 'image',
  parse(request) {
    const model = nativeModel(request, 'image');
    const { prompt, n = 1, files = [], mask, providerOptions, ...more } = nativeBody(imageSchema, request.body);
    const option = (name: string): string | undefined => {
      const value = upstreamOption(providerOptions, [name]);
      return typeof value === 'string' ? value : undefined;
    };
    const sources = [...files, ...(mask === undefined ? [] : [mask])].map(bytesOf);
    const { size, aspectRatio, seed } = more;
    const traits = { quality: option('quality'), style: option('style') };
    return {
      asked: { prompt, n, sources, size, aspectRatio, seed, ...traits },
      routing: { model, providerOptions },
      session: prompt,
      streamed: false,
    };
  },
  make: makeImages,
  write(generated, _asked, finished) {
    const { prompt: inputTokens, completion: outputTokens } = generated.counts;
    const { gateway, ...upstream } = providerMetadata(generated, finished());
    const images = generated.answer.map(() => ({}));
    // The client adds up a list of images for each provider, and fails where there is none.
    const perProvider = Object.entries(upstream).map(([slug, members]) => [slug, { ...Object(members), images }]);
    return jsonReply(200, {
      images: generated.answer,
      warnings: generated.warnings,
      providerMetadata: { ...Object.fromEntries(perProvider), gateway },
      ...(reportsTokens(generated.model)
        ? { usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens } }
        : {}),
    });
  },
});
