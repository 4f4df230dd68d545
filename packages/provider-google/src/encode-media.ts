import {
  type FilePart,
  type ImagePart,
  InvalidRequestError,
  type JsonObject,
  type MediaSource,
} from '@headrace/core/plugin';
import { isGemini3 } from './gemini-model.js';
import type { RequestNotes } from './request-notes.js';

const base64Of = (source: Exclude<MediaSource, { type: 'url' }>): string => {
  if (source.type === 'base64') return source.data;
  const { buffer, byteOffset, byteLength } = source.data;
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
};

const DATA_URL = /^data:([^;,]+)(?:;[^,]*)?;base64,(.*)$/s;

/** How closely an image is looked at; a part may say so from Gemini 3 on. */
const RESOLUTIONS = { low: 'MEDIA_RESOLUTION_LOW', high: 'MEDIA_RESOLUTION_HIGH' } as const;

const resolutionOf = (part: ImagePart | FilePart, model: string, field: string, notes: RequestNotes): JsonObject => {
  const detail = part.type === 'image' ? part.detail : undefined;
  if (detail === undefined || detail === 'auto') return {};
  if (isGemini3(model)) return { mediaResolution: { level: RESOLUTIONS[detail] } };
  notes.add(
    'image-detail-dropped',
    `${field}.detail`,
    'Only Gemini 3 and later can be told how closely to look at one image.',
  );
  return {};
};

/**
 * The part for an image or a file: bytes go along as `inlineData`, an address is fetched by Google as `fileData`
 * (https://ai.google.dev/api/caching#Part).
 * @throws InvalidRequestError when bytes have no media type.
 */
export const encodeMedia = (
  part: ImagePart | FilePart,
  model: string,
  field: string,
  notes: RequestNotes,
): JsonObject => {
  const { source, mediaType } = part;
  if (part.type === 'file' && part.filename !== undefined)
    notes.add('filename-dropped', `${field}.filename`, 'Gemini takes no names of files.');
  const more = resolutionOf(part, model, field, notes);
  if (source.type === 'url') {
    const [, type, data] = DATA_URL.exec(source.url) ?? [];
    if (type !== undefined && data !== undefined) return { inlineData: { mimeType: type, data }, ...more };
    return { fileData: { ...(mediaType === undefined ? {} : { mimeType: mediaType }), fileUri: source.url }, ...more };
  }
  if (mediaType === undefined)
    throw new InvalidRequestError([
      {
        field: `${field}.mediaType`,
        message: 'is needed for an image given as bytes.',
        remedy: 'Add it, such as "image/png".',
      },
    ]);
  return { inlineData: { mimeType: mediaType, data: base64Of(source) }, ...more };
};
