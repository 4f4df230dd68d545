import {
  type BillableUnits,
  type GeneratedImage,
  type ImageRequest,
  type ImageTrait,
  type MalformedResponseError,
  mediaTypeOfBytes,
} from '@headrace/core/plugin';
import { parseDataUrl } from '../chat/decode-media.js';
import { isObject, nonEmptyString, type WireObject } from '../chat/json-object.js';
import type { BodyDecoder } from '../http/body-decoder.js';
import { base64Bytes } from '../reply/base64-bytes.js';
import { ReplyDecoder, type ReplyDecoderOptions } from '../reply/reply-decoder.js';
import { decodeImageUsage } from './decode-image-usage.js';

export interface ImageReplyDecoderOptions extends ReplyDecoderOptions {
  /** What was asked of the images beyond the request, as far as their price depends on it. */
  readonly traits?: Readonly<Partial<Record<ImageTrait, string>>>;
}

const isWeb = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** Undefined when the item is no image. */
const imageOf = (item: unknown, format: string | undefined): GeneratedImage | undefined => {
  if (!isObject(item)) return undefined;
  const url = nonEmptyString(item['url']);
  const data = parseDataUrl(nonEmptyString(item['b64_json']) ?? url ?? '');
  const revised = nonEmptyString(item['revised_prompt']);
  const told = revised === undefined ? {} : { revisedPrompt: revised };
  const base64 = data?.base64 ?? nonEmptyString(item['b64_json']);
  if (base64 !== undefined) {
    const bytes = base64Bytes(base64);
    if (bytes === undefined) return undefined;
    const mediaType = mediaTypeOfBytes(bytes) ?? data?.mediaType ?? format;
    return { source: { type: 'bytes', data: bytes }, ...(mediaType === undefined ? {} : { mediaType }), ...told };
  }
  if (url === undefined || !isWeb(url)) return undefined;
  return { source: { type: 'url', url }, ...(format === undefined ? {} : { mediaType: format }), ...told };
};

const imagesOf = (reply: WireObject, fault: (why: string) => MalformedResponseError): GeneratedImage[] => {
  const { data } = reply;
  if (!Array.isArray(data)) throw fault('it has no `data`');
  if (data.length === 0) throw fault('it holds no image');
  const format = nonEmptyString(reply['output_format']);
  return data.map((item: unknown, place) => {
    const image = imageOf(item, format === undefined ? undefined : `image/${format}`);
    if (image === undefined) throw fault(`item ${place} of \`data\` is neither base64 nor the address of an image`);
    return image;
  });
};

const TRAITS: readonly ImageTrait[] = ['size', 'quality', 'style'];

/** What was made decides, then what was asked for. */
const unitsOf = (
  images: number,
  reply: WireObject,
  request: ImageRequest,
  asked: ImageReplyDecoderOptions['traits'] = {},
): BillableUnits => {
  const operation = request.images === undefined ? 'generate' : 'edit';
  const traits: Partial<Record<ImageTrait, string>> = { operation, ...asked };
  if (request.size !== undefined) traits.size = request.size;
  for (const trait of TRAITS) {
    const made = nonEmptyString(reply[trait]);
    if (made !== undefined) traits[trait] = made;
  }
  return { images, imageTraits: traits };
};

/**
 * Decodes the answer to an OpenAI-style image request: base64 becomes bytes, an address stays one. What is neither is a
 * MalformedResponseError; another number of images than was asked for is a warning.
 */
export const imageReplyDecoder = (request: ImageRequest, options: ImageReplyDecoderOptions): BodyDecoder =>
  new ReplyDecoder(
    {
      name: 'a list of images',
      model: request.model,
      decode: (reply, fault) => {
        const images = imagesOf(reply, fault);
        if (request.n !== undefined && request.n !== images.length)
          options.warn({
            code: 'image-count',
            field: 'n',
            message: `The upstream made ${images.length} images where ${request.n} were asked for.`,
          });
        const units = unitsOf(images.length, reply, request, options.traits);
        return { result: { kind: 'image', images }, units, ...decodeImageUsage(reply['usage']) };
      },
    },
    options,
  );
