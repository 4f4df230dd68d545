import { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { checkedBody } from './checked-body.js';
import type { FormFile } from './form-body.js';
import { type Generated, providerMetadata } from './generated.js';
import { generatingRoute, type Wanted } from './generating-route.js';
import { type AskedImages, makeImages, reportsTokens, sourceTokens } from './image-answer.js';
import { pngSize } from './png-image.js';
import { jsonReply, type WholeReply } from './reply.js';
import { routedFields, upstreamOption } from './routed-body.js';

const MAX_IMAGES = 10;
const MAX_SOURCES = 16;

const imageFields = {
  ...routedFields,
  prompt: z.string().min(1, 'must not be empty'),
  size: z.string().nullish(),
  quality: z.string().nullish(),
  style: z.string().nullish(),
};
const generationSchema = z.looseObject({ ...imageFields, n: z.int().min(1).max(MAX_IMAGES).nullish() });

const file = z.custom<FormFile>(
  (value) => typeof value === 'object' && value !== null && 'bytes' in value,
  'must be a file',
);
const files = z.union([file.transform((one) => [one]), z.array(file).max(MAX_SOURCES)], {
  error: `must be a file, or up to ${MAX_SOURCES} of them`,
});
const jsonField = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('must be JSON');
    return z.NEVER;
  }
});
const editSchema = z.looseObject({
  ...imageFields,
  n: z.coerce.number().int().min(1).max(MAX_IMAGES).optional(),
  image: files.optional(),
  'image[]': files.optional(),
  mask: file.optional(),
  providerOptions: jsonField.pipe(routedFields.providerOptions).optional(),
});

type ImageFields = z.infer<z.ZodObject<typeof imageFields>>;

function wantedImages(
  request: ImageFields,
  n: number | null | undefined,
  sources: readonly Buffer[],
): Wanted<AskedImages> {
  const option = (field: 'quality' | 'style'): string | undefined => {
    const value = request[field] ?? upstreamOption(request.providerOptions, [field]);
    return typeof value === 'string' ? value : undefined;
  };
  const { prompt, size } = request;
  const asked = {
    prompt,
    n: n ?? 1,
    size: size ?? undefined,
    quality: option('quality'),
    style: option('style'),
    sources,
  };
  return { asked, routing: request, session: prompt, streamed: false };
}

function writeImages(generated: Generated<readonly string[]>, asked: AskedImages, finished: () => number): WholeReply {
  const { prompt: input, completion: output } = generated.counts;
  const ofImages = sourceTokens(asked);
  const usage = {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_tokens_details: { text_tokens: input - ofImages, image_tokens: ofImages },
  };
  return jsonReply(200, {
    created: Math.floor(generated.startTime / 1000),
    data: generated.answer.map((b64_json) => ({ b64_json })),
    ...(reportsTokens(generated.model) ? { usage } : {}),
    provider_metadata: providerMetadata(generated, finished()),
  });
}

/** Images from words, OpenAI-style. They always come as base64, as documented. */
export const imageGenerationsRoute = generatingRoute<AskedImages, readonly string[]>({
  path: /^\/v1\/images\/generations$/,
  modelType: 'image',
  parse({ body }) {
    const request = checkedBody(generationSchema, body);
    return wantedImages(request, request.n, []);
  },
  make: makeImages,
  write: writeImages,
});

const SIGNATURES = ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'RIFF', '<svg', '<?xml'];

function checkFiles(images: readonly FormFile[], mask: FormFile | undefined): void {
  const isImage = ({ bytes }: FormFile): boolean => {
    const start = bytes.toString('latin1', 0, 16);
    return SIGNATURES.some((signature) => start.startsWith(signature)) || start.slice(4, 8) === 'ftyp';
  };
  const [first] = images;
  if (first === undefined) throw invalidRequest('Invalid input: image: is required', 'image');
  if (images.length > MAX_SOURCES) {
    throw invalidRequest(`Invalid input: image: at most ${MAX_SOURCES} images are taken`, 'image');
  }
  if (!images.every(isImage)) throw invalidRequest('Invalid input: image: is no image of a known kind', 'image');
  if (mask === undefined) return;
  const [of, size] = [pngSize(first.bytes), pngSize(mask.bytes)];
  if (size === undefined) throw invalidRequest('Invalid input: mask: must be a PNG', 'mask');
  if (of !== undefined && (of.width !== size.width || of.height !== size.height)) {
    throw invalidRequest('Invalid input: mask: must be as large as the first image', 'mask');
  }
}

/** Images from words and images: a form, OpenAI-style. */
export const imageEditsRoute = generatingRoute<AskedImages, readonly string[]>({
  path: /^\/v1\/images\/edits$/,
  modelType: 'image',
  parse({ body, headers }) {
    if (headers['content-type']?.startsWith('multipart/form-data') !== true) {
      throw invalidRequest('Invalid input: body: must be multipart/form-data');
    }
    const request = checkedBody(editSchema, body);
    const { mask } = request;
    const images = [...(request.image ?? []), ...(request['image[]'] ?? [])];
    checkFiles(images, mask);
    const sources = [...images, ...(mask === undefined ? [] : [mask])].map(({ bytes }) => bytes);
    return wantedImages(request, request.n, sources);
  },
  make: makeImages,
  write: writeImages,
});
