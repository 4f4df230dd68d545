import {
  type CompletionRequest,
  type EmbeddingRequest,
  type ImageRequest,
  type ImageTrait,
  InvalidRequestError,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  type RerankingRequest,
  type Warning,
} from '@headrace/core/plugin';
import type { BodyDecoder } from '@headrace/wire';
import { headerValueFault } from '@headrace/wire/provider';
import {
  embeddingReplyDecoder,
  encodeEmbeddingRequest,
  encodeImageEdit,
  encodeImageGeneration,
  encodeRerankRequest,
  type FormField,
  imageReplyDecoder,
  pricedTraits,
  type ReplyDecoderOptions,
  rerankReplyDecoder,
} from '@headrace/wire/unary';
import type { AppliedOptions } from './provider-options.js';

export type UnaryRequest = Exclude<ModelRequest, CompletionRequest>;

/** Where one request goes, as what, and how its answer is read. */
export interface UnaryRoute {
  /** From `/v1` or `/v2` on. */
  readonly path: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** What the caller may want to know, although nothing was left out. */
  readonly notes: readonly Warning[];
  decoder(options: ReplyDecoderOptions): BodyDecoder;
}

/** Images in one edit. */
const MAX_IMAGES = 16;

const objectOf = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** These routes know no `user`: the gateway's own option is the documented way to name one. */
const withUser = (options: JsonObject | undefined, endUser: string | undefined): JsonObject | undefined =>
  endUser === undefined ? options : { ...options, gateway: { ...objectOf(options?.['gateway']), user: endUser } };

const jsonRoute = (
  path: string,
  body: JsonObject,
  providerOptions: JsonObject | undefined,
  decoder: UnaryRoute['decoder'],
): UnaryRoute => ({
  path,
  contentType: 'application/json',
  body: JSON.stringify({ ...body, providerOptions }),
  headers: {},
  notes: [],
  decoder,
});

const embeddingRoute = ({ endUser, ...asked }: EmbeddingRequest, applied: AppliedOptions): UnaryRoute => {
  const { encodingFormat, providerOptions } = applied;
  const body = encodeEmbeddingRequest(asked, encodingFormat === undefined ? {} : { encoding: encodingFormat });
  const options = withUser(providerOptions, endUser);
  return jsonRoute('/v1/embeddings', body, options, (decoding) => embeddingReplyDecoder(asked, decoding));
};

/** The first version of the route takes objects, the second texts only. */
const rerankRoute = ({ endUser, ...asked }: RerankingRequest, { providerOptions }: AppliedOptions): UnaryRoute => {
  const isPlain = asked.rankFields === undefined && asked.documents.every((document) => typeof document === 'string');
  const options = withUser(providerOptions, endUser);
  const path = isPlain ? '/v2/rerank' : '/v1/rerank';
  return jsonRoute(path, encodeRerankRequest(asked), options, (decoding) => rerankReplyDecoder(asked, decoding));
};

/** What of the options for upstreams an image is priced by. */
const traitsOf = (options: JsonObject | undefined): Partial<Record<ImageTrait, string>> => {
  const traits: Partial<Record<ImageTrait, string>> = {};
  for (const upstream of Object.values(options ?? {})) Object.assign(traits, pricedTraits(objectOf(upstream)));
  return traits;
};

const UNDOCUMENTED: Warning = {
  code: 'provider-options-undocumented',
  field: 'providerOptions',
  message:
    'Vercel documents no options for edits of images. They were sent as a field of the form and may have no effect: do not rely on them to restrict who serves.',
};

const userHeader = (endUser: string | undefined): Readonly<Record<string, string>> => {
  if (endUser === undefined) return {};
  const fault = headerValueFault(endUser);
  if (fault !== undefined) throw new InvalidRequestError([{ field: 'endUser', message: fault }]);
  return { 'ai-reporting-user': endUser };
};

const editRoute = ({ endUser, ...asked }: ImageRequest, { providerOptions }: AppliedOptions): UnaryRoute => {
  const fields: FormField[] =
    providerOptions === undefined ? [] : [{ name: 'providerOptions', value: JSON.stringify(providerOptions) }];
  const { contentType, bytes } = encodeImageEdit(asked, { maxImages: MAX_IMAGES, fields });
  return {
    path: '/v1/images/edits',
    contentType,
    body: bytes,
    headers: userHeader(endUser),
    notes: providerOptions === undefined ? [] : [UNDOCUMENTED],
    decoder: (decoding) => imageReplyDecoder(asked, { ...decoding, traits: traitsOf(providerOptions) }),
  };
};

const imageRoute = (request: ImageRequest, applied: AppliedOptions): UnaryRoute => {
  if (request.images !== undefined) return editRoute(request, applied);
  const { endUser, ...asked } = request;
  const { providerOptions } = applied;
  const body = encodeImageGeneration(asked, { responseFormat: 'b64_json' });
  return jsonRoute('/v1/images/generations', body, withUser(providerOptions, endUser), (decoding) =>
    imageReplyDecoder(asked, { ...decoding, traits: traitsOf(providerOptions) }),
  );
};

/**
 * How the gateway is asked for anything but a completion.
 * @param applied what the request's options for this provider, and the provider's own defaults, add.
 * @throws InvalidRequestError before anything is sent
 */
export const routeOf = (request: UnaryRequest, applied: AppliedOptions): UnaryRoute => {
  switch (request.kind) {
    case 'embedding':
      return embeddingRoute(request, applied);
    case 'reranking':
      return rerankRoute(request, applied);
    case 'image':
      return imageRoute(request, applied);
  }
};
