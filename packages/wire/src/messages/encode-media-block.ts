import { type FilePart, type ImagePart, InvalidRequestError, type MediaSource } from '@headrace/core/plugin';
import { parseDataUrl } from '../chat/decode-media.js';
import { base64Bytes } from '../reply/base64-bytes.js';
import type { Block } from './cache-marks.js';
import type { RequestDraft } from './request-draft.js';

/** Source: https://platform.claude.com/docs/en/build-with-claude/vision */
const IMAGE_TYPES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const PDF = 'application/pdf';
/** Media types beside `text/…` that are text. */
const TEXT_TYPES = /^application\/(?:json|ld\+json|xml|yaml|x-yaml|toml|javascript|x-ndjson|sql)$|\+(?:json|xml)$/;

const refuse = (field: string, message: string, remedy: string): InvalidRequestError =>
  new InvalidRequestError([{ field, message, remedy }]);

interface Bytes {
  readonly base64: string;
  readonly mediaType: string | undefined;
}

/** The bytes as base64; undefined for an address that the upstream is to fetch. */
const bytesOf = (source: MediaSource, mediaType: string | undefined): Bytes | undefined => {
  if (source.type === 'base64') return { base64: source.data, mediaType };
  if (source.type === 'bytes') {
    const { buffer, byteOffset, byteLength } = source.data;
    return { base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64'), mediaType };
  }
  const data = parseDataUrl(source.url);
  return data === undefined ? undefined : { base64: data.base64, mediaType: mediaType ?? data.mediaType };
};

const imageBlock = (source: MediaSource, mediaType: string | undefined, field: string): Block => {
  const bytes = bytesOf(source, mediaType);
  if (bytes === undefined && source.type === 'url') return { type: 'image', source: { type: 'url', url: source.url } };
  const type = bytes?.mediaType === 'image/jpg' ? 'image/jpeg' : bytes?.mediaType;
  if (type === undefined || !IMAGE_TYPES.includes(type))
    throw refuse(
      `${field}.mediaType`,
      type === undefined ? 'is needed for an image given as bytes.' : `is ${type}, which this upstream does not take.`,
      `Send one of ${IMAGE_TYPES.join(', ')}.`,
    );
  return { type: 'image', source: { type: 'base64', media_type: type, data: bytes?.base64 ?? '' } };
};

/** The `image` block. @throws InvalidRequestError for bytes of a type that the upstream does not take */
export const encodeImageBlock = (part: ImagePart, field: string, draft: RequestDraft): Block => {
  if (part.detail !== undefined && part.detail !== 'auto')
    draft.drop('image-detail-dropped', `${field}.detail`, 'The Messages dialect has no level of detail for images.');
  draft.options(part, field);
  return draft.block(imageBlock(part.source, part.mediaType, field), part, field);
};

const textSource = (part: FilePart, field: string): Block => {
  const { source } = part;
  const bytes = source.type === 'bytes' ? undefined : bytesOf(source, part.mediaType);
  if (source.type === 'url' && bytes === undefined)
    throw refuse(`${field}.source`, 'cannot be an address: only images and PDF can.', 'Send the text itself.');
  const decoded = source.type === 'bytes' ? source.data : base64Bytes(bytes?.base64 ?? '');
  if (decoded === undefined || decoded.length === 0)
    throw refuse(`${field}.source`, 'is empty or no base64.', 'Send the bytes of the file.');
  try {
    return {
      type: 'text',
      media_type: 'text/plain',
      data: new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(decoded),
    };
  } catch {
    throw refuse(`${field}.source`, 'is a text that is not UTF-8.', 'Send it as UTF-8.');
  }
};

const documentSource = (part: FilePart, field: string): Block => {
  if (part.mediaType !== PDF) return textSource(part, field);
  const bytes = bytesOf(part.source, PDF);
  if (bytes !== undefined) return { type: 'base64', media_type: PDF, data: bytes.base64 };
  return { type: 'url', url: part.source.type === 'url' ? part.source.url : '' };
};

/** Names of the options that a file takes under `providerOptions.<id>`. */
const FILE_OPTIONS: readonly string[] = ['citations', 'context', 'title'];

const addFileOptions = (block: Block, part: FilePart, field: string, draft: RequestDraft): void => {
  if (part.filename !== undefined) block['title'] = part.filename;
  for (const [name, value] of Object.entries(draft.optionsOf(part) ?? {})) {
    if (name === 'citations' && typeof value === 'boolean') block['citations'] = { enabled: value };
    else if (name !== 'citations' && FILE_OPTIONS.includes(name) && typeof value === 'string') block[name] = value;
    else
      draft.drop(
        'provider-options-dropped',
        `${field}.providerOptions.${draft.providerId}.${name}`,
        `Not read: a file takes ${FILE_OPTIONS.join(', ')}, of which citations is true or false and the others are texts.`,
      );
  }
};

/**
 * The block of a file: PDF and text as `document`, images as `image`.
 * @throws InvalidRequestError for other files, and for the address of a text
 */
export const encodeFileBlock = (part: FilePart, field: string, draft: RequestDraft): Block => {
  const { mediaType } = part;
  if (mediaType.startsWith('image/')) {
    if (part.filename !== undefined)
      draft.drop('filename-dropped', `${field}.filename`, 'The Messages dialect has no file name for an image.');
    draft.options(part, field);
    return draft.block(imageBlock(part.source, mediaType === 'image/*' ? undefined : mediaType, field), part, field);
  }
  if (mediaType !== PDF && !mediaType.startsWith('text/') && !TEXT_TYPES.test(mediaType))
    throw refuse(
      `${field}.mediaType`,
      `is ${mediaType}, which this upstream does not take.`,
      'Send an image, a PDF or a text.',
    );
  const block: Block = { type: 'document', source: documentSource(part, field) };
  addFileOptions(block, part, field, draft);
  return draft.block(block, part, field);
};
