import {
  type CompletionRequest,
  type EmbeddingRequest,
  type ImageRequest,
  InvalidRequestError,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  type RerankingRequest,
  type Warning,
} from '@headrace/core/plugin';
import type { BodyDecoder } from '@headrace/wire';
import {
  embeddingReplyDecoder,
  encodeEmbeddingRequest,
  encodeImageEdit,
  encodeImageGeneration,
  encodeRerankRequest,
  imageReplyDecoder,
  pricedTraits,
  type ReplyDecoderOptions,
  rerankReplyDecoder,
} from '@headrace/wire/unary';
import type { EndpointForm } from './endpoint-form.js';
import type { Preset } from './presets.js';

export type UnaryRequest = Exclude<ModelRequest, CompletionRequest>;

/** Where one request goes, as what, and how its answer is read. */
export interface UnaryRoute {
  /** Behind the base URL, such as `/embeddings`. */
  readonly path: string;
  /** Absent: JSON. */
  readonly contentType?: string;
  readonly body: string | Uint8Array;
  readonly warnings: readonly Warning[];
  decoder(options: ReplyDecoderOptions): BodyDecoder;
}

/** What of an endpoint decides how it is asked. */
export interface AskedEndpoint {
  readonly preset: Preset;
  readonly form: EndpointForm;
}

const dropped = (code: string, field: string, message: string): Warning => ({ code, field, message });

/** The request without the person behind it, where nobody takes one. */
const fitUser = <T extends UnaryRequest>(
  asked: T,
  { form, preset }: AskedEndpoint,
  takesUser = form.endUserField !== 'none',
): { readonly asked: T; readonly warnings: Warning[] } => {
  const { endUser, ...rest } = asked;
  if (endUser === undefined || takesUser) return { asked, warnings: [] };
  const message = `${preset.title} takes no id of the person behind a call.`;
  return { asked: rest as T, warnings: [dropped('end-user-dropped', 'endUser', message)] };
};

const embeddingRoute = (request: EmbeddingRequest, endpoint: AskedEndpoint, options: JsonObject): UnaryRoute => {
  const { asked, warnings } = fitUser(request, endpoint);
  // Most servers know no base64 here.
  const body = encodeEmbeddingRequest(asked, { encoding: endpoint.preset.maker === 'openai' ? 'base64' : 'float' });
  return {
    path: '/embeddings',
    body: JSON.stringify({ ...body, ...options }),
    warnings,
    decoder: (decoding) => embeddingReplyDecoder(asked, decoding),
  };
};

const rerankRoute = (request: RerankingRequest, endpoint: AskedEndpoint, options: JsonObject): UnaryRoute => {
  const { title } = endpoint.preset;
  const { asked, warnings } = fitUser(request, endpoint, false);
  const { maxTokensPerDocument, ...rest } = asked;
  if (maxTokensPerDocument !== undefined)
    warnings.push(dropped('parameter-dropped', 'maxTokensPerDocument', `${title} cuts documents by its own measure.`));
  const at = request.documents.findIndex((document) => typeof document !== 'string');
  if (at >= 0 && endpoint.form.documentObjects !== true)
    throw new InvalidRequestError([
      { field: `documents[${at}]`, message: `is an object: ${title} ranks texts only.`, remedy: 'Give its text.' },
    ]);
  return {
    path: '/rerank',
    body: JSON.stringify({ ...encodeRerankRequest(rest), ...options }),
    warnings,
    decoder: (decoding) => rerankReplyDecoder(asked, decoding),
  };
};

/** The size in the endpoint's words. */
const sizeOf = (size: string, { form, preset }: AskedEndpoint, warnings: Warning[]): JsonObject => {
  const { imageSize = 'size' } = form;
  if (imageSize === 'size') return { size };
  if (imageSize === 'none') {
    const message = `${preset.title} takes no size of images: it was left out.`;
    warnings.push(dropped('parameter-dropped', 'size', message));
    return {};
  }
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(size) ?? [];
  if (width === undefined || height === undefined)
    throw new InvalidRequestError([{ field: 'size', message: `must be width and height, such as "1024x768".` }]);
  return { width: Number(width), height: Number(height) };
};

const formValue = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

const editRoute = (
  asked: ImageRequest,
  endpoint: AskedEndpoint,
  options: JsonObject,
  warnings: Warning[],
): UnaryRoute => {
  if (endpoint.form.imageEdits === false)
    throw new InvalidRequestError([
      { field: 'images', message: `cannot be given: ${endpoint.preset.title} makes images from words only.` },
    ]);
  const fields = Object.entries(options).map(([name, value]) => ({ name, value: formValue(value) }));
  const { contentType, bytes } = encodeImageEdit(asked, {
    imageField: (asked.images?.length ?? 0) > 1 ? 'image[]' : 'image',
    fields,
  });
  return {
    path: '/images/edits',
    contentType,
    body: bytes,
    warnings,
    decoder: (decoding) => imageReplyDecoder(asked, { ...decoding, traits: pricedTraits(options) }),
  };
};

const imageRoute = (request: ImageRequest, endpoint: AskedEndpoint, options: JsonObject): UnaryRoute => {
  const { form, preset } = endpoint;
  const { asked, warnings } = fitUser(request, endpoint);
  if (asked.images !== undefined) return editRoute(asked, endpoint, options, warnings);
  const { size, n, ...rest } = asked;
  if (n !== undefined && n > 1 && form.imageCount === false)
    throw new InvalidRequestError([
      { field: 'n', message: `must be 1: ${preset.title} makes one image at a time.`, remedy: 'Ask several times.' },
    ]);
  const body = {
    ...encodeImageGeneration({ ...rest, ...(n === undefined || form.imageCount === false ? {} : { n }) }),
    ...(size === undefined ? {} : sizeOf(size, endpoint, warnings)),
    ...(form.imageFormat === undefined ? {} : { response_format: form.imageFormat }),
    ...options,
  };
  return {
    path: '/images/generations',
    body: JSON.stringify(body),
    warnings,
    decoder: (decoding) => imageReplyDecoder(asked, { ...decoding, traits: pricedTraits(options) }),
  };
};

/**
 * How an endpoint is asked for anything but a completion.
 * @param options members of the body in the endpoint's own words.
 * @throws InvalidRequestError before anything is sent
 */
export const routeOf = (request: UnaryRequest, endpoint: AskedEndpoint, options: JsonObject): UnaryRoute => {
  switch (request.kind) {
    case 'embedding':
      return embeddingRoute(request, endpoint, options);
    case 'reranking':
      return rerankRoute(request, endpoint, options);
    case 'image':
      return imageRoute(request, endpoint, options);
  }
};
