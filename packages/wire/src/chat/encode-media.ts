import {
  type FilePart,
  type ImagePart,
  InvalidRequestError,
  type JsonObject,
  type MediaSource,
} from '@headrace/core/plugin';
import { parseDataUrl } from './decode-media.js';

const dataUrl = (source: Exclude<MediaSource, { type: 'url' }>, mediaType: string): string => {
  if (source.type === 'base64') return `data:${mediaType};base64,${source.data}`;
  const { buffer, byteOffset, byteLength } = source.data;
  return `data:${mediaType};base64,${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`;
};

const refuse = (field: string, message: string, remedy: string): InvalidRequestError =>
  new InvalidRequestError([{ field, message, remedy }]);

/** The `image_url` part. @throws InvalidRequestError when bytes have no media type. */
export const encodeImagePart = (part: ImagePart, field: string): JsonObject => {
  const { source, mediaType, detail } = part;
  if (source.type !== 'url' && mediaType === undefined)
    throw refuse(`${field}.mediaType`, 'is needed for an image given as bytes.', 'Add it, such as "image/png".');
  const url = source.type === 'url' ? source.url : dataUrl(source, mediaType ?? '');
  return { type: 'image_url', image_url: detail === undefined ? { url } : { url, detail } };
};

/** How the bytes of a file are written: `file_data` holds a data URL, `data` base64 beside `media_type`. */
export type FileForm = 'file_data' | 'data';

const base64Of = (url: string): string => parseDataUrl(url)?.base64 ?? '';

/** The part for a file: images travel as `image_url`. @throws InvalidRequestError for a web address of another file. */
export const encodeFilePart = (part: FilePart, field: string, form: FileForm): JsonObject => {
  const { source, mediaType, filename } = part;
  if (mediaType.startsWith('image/')) return encodeImagePart({ type: 'image', source, mediaType }, field);
  if (source.type === 'url' && !source.url.startsWith('data:'))
    throw refuse(
      `${field}.source`,
      'cannot be an address: this upstream takes files as bytes only.',
      'Send the bytes.',
    );
  const fileData = source.type === 'url' ? source.url : dataUrl(source, mediaType);
  if (form === 'data') {
    const file = { data: source.type === 'base64' ? source.data : base64Of(fileData), media_type: mediaType };
    return { type: 'file', file: filename === undefined ? file : { ...file, filename } };
  }
  return { type: 'file', file: filename === undefined ? { file_data: fileData } : { filename, file_data: fileData } };
};

/** The item of `images` in an answer, for a file that is an image. */
export const encodeAnswerImage = (mediaType: string, source: MediaSource): JsonObject => ({
  type: 'image_url',
  image_url: { url: source.type === 'url' ? source.url : dataUrl(source, mediaType) },
});
