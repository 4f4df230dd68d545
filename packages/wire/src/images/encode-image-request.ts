import {
  type ImageInput,
  type ImageRequest,
  InvalidRequestError,
  type JsonObject,
  type JsonValue,
  mediaTypeOfBytes,
} from '@headrace/core/plugin';
import { parseDataUrl } from '../chat/decode-media.js';
import { base64Bytes } from '../reply/base64-bytes.js';
import { type FormField, type MultipartBody, multipartBody } from './multipart-body.js';

export interface ImageGenerationOptions {
  /** How the images are to be sent; either form of answer is understood. Default: the upstream decides. */
  readonly responseFormat?: 'b64_json' | 'url';
}

/** The body of an OpenAI-style image generation, without options of any provider. Images to be edited need a form. */
export const encodeImageGeneration = (
  { model, prompt, n, size, endUser }: ImageRequest,
  { responseFormat }: ImageGenerationOptions = {},
): JsonObject => {
  const body: Record<string, JsonValue> = { model, prompt };
  if (n !== undefined) body['n'] = n;
  if (size !== undefined) body['size'] = size;
  if (responseFormat !== undefined) body['response_format'] = responseFormat;
  if (endUser !== undefined) body['user'] = endUser;
  return body;
};

export interface ImageEditOptions {
  /** Images that the upstream takes at most. Default: not bounded. */
  readonly maxImages?: number;
  /** Name of the field that holds an image. Default `image`, be there one or several. */
  readonly imageField?: string;
  /** More fields of the form, behind the others. */
  readonly fields?: readonly FormField[];
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/svg+xml': 'svg',
};

const refuse = (field: string, message: string, remedy: string): InvalidRequestError =>
  new InvalidRequestError([{ field, message, remedy }]);

const bytesOf = ({ source }: ImageInput, field: string): Uint8Array => {
  if (source.type === 'bytes') return source.data;
  const isAddress = source.type === 'url' && !source.url.startsWith('data:');
  if (isAddress)
    throw refuse(
      `${field}.source`,
      'cannot be an address: this upstream takes images as bytes only.',
      'Send the bytes.',
    );
  const base64 = source.type === 'base64' ? source.data : (parseDataUrl(source.url)?.base64 ?? '');
  const bytes = base64Bytes(base64);
  if (bytes === undefined) throw refuse(`${field}.source`, 'is not base64 of anything.', 'Send the bytes.');
  return bytes;
};

const fileOf = (image: ImageInput, name: string, field: string, at: string): FormField => {
  const bytes = bytesOf(image, field);
  const mediaType = image.mediaType ?? mediaTypeOfBytes(bytes);
  if (mediaType === undefined)
    throw refuse(`${field}.mediaType`, 'is needed: the bytes are of no known kind.', 'Add it, such as "image/png".');
  const extension = EXTENSIONS[mediaType];
  return { name, filename: extension === undefined ? at : `${at}.${extension}`, mediaType, bytes };
};

/**
 * The form of an OpenAI-style image edit.
 * @throws InvalidRequestError for an image by address, one of an unknown kind, and more of them than `maxImages`.
 */
export const encodeImageEdit = (request: ImageRequest, options: ImageEditOptions = {}): MultipartBody => {
  const { model, prompt, n, size, images = [], mask, endUser } = request;
  const { maxImages, imageField = 'image', fields = [] } = options;
  if (maxImages !== undefined && images.length > maxImages)
    throw refuse('images', `holds ${images.length} images; ${maxImages} are taken at most.`, 'Leave some out.');
  const texts: FormField[] = [
    { name: 'model', value: model },
    { name: 'prompt', value: prompt },
  ];
  if (n !== undefined) texts.push({ name: 'n', value: String(n) });
  if (size !== undefined) texts.push({ name: 'size', value: size });
  if (endUser !== undefined) texts.push({ name: 'user', value: endUser });
  const files = images.map((image, at) => fileOf(image, imageField, `images[${at}]`, `image-${at + 1}`));
  if (mask !== undefined) files.push(fileOf(mask, 'mask', 'mask', 'mask'));
  return multipartBody([...texts, ...files, ...fields]);
};
