import { type LanguageModelV4FilePart, type SharedV4FileData, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import type { FilePart, ImagePart, MediaSource } from '@headrace/core';
import { mediaTypeOfBytes } from '@headrace/core/plugin';
import { readAnnotations } from '../shared/annotations.js';
import type { Notes } from '../shared/notes.js';

/** Base64 letters that hold the bytes by which an image is known. */
const HEAD_CHARS = 1_368;

const sourceOf = (data: SharedV4FileData, place: string): MediaSource => {
  switch (data.type) {
    case 'data':
      return typeof data.data === 'string' ? { type: 'base64', data: data.data } : { type: 'bytes', data: data.data };
    case 'url':
      return { type: 'url', url: data.originalUrl ?? data.url.href };
    case 'text':
      return { type: 'bytes', data: new TextEncoder().encode(data.text) };
    case 'reference':
      throw new UnsupportedFunctionalityError({
        functionality: 'file references',
        message: `${place} is a file that was uploaded to a provider (${Object.keys(data.reference).join(', ')}). A call through a gateway may go to any provider: give the bytes, or an address.`,
      });
  }
};

const detected = (source: MediaSource): string | undefined => {
  if (source.type === 'url') return undefined;
  return mediaTypeOfBytes(
    source.type === 'bytes' ? source.data : Buffer.from(source.data.slice(0, HEAD_CHARS), 'base64'),
  );
};

/** `image` and `image/*` stand for a type that is not known; so does any other word without a second half. */
const fullType = (mediaType: string): string | undefined => (/^[^/]+\/[^*]/.test(mediaType) ? mediaType : undefined);

/**
 * A file of a prompt: images as images, the rest as files. An image whose type is not said is known by its bytes.
 * @throws UnsupportedFunctionalityError for a reference to an upload
 */
export const mediaPart = (
  part: Pick<LanguageModelV4FilePart, 'data' | 'mediaType' | 'filename' | 'providerOptions'>,
  place: string,
  notes: Notes,
): ImagePart | FilePart => {
  const source = sourceOf(part.data, place);
  const full = fullType(part.mediaType);
  const top = part.mediaType.split('/')[0] ?? '';
  if (top !== 'image') {
    const { annotations } = readAnnotations(part.providerOptions, place);
    const mediaType = full ?? (top === 'text' ? 'text/plain' : `${top}/*`);
    return {
      type: 'file',
      source,
      mediaType,
      ...(part.filename === undefined ? {} : { filename: part.filename }),
      ...annotations,
    };
  }
  const { own, annotations } = readAnnotations(part.providerOptions, place, ['detail']);
  if (part.filename !== undefined) notes.leftOut('filename of an image', 'Images are sent without a name.');
  const mediaType = full ?? detected(source);
  return {
    type: 'image',
    source,
    ...(mediaType === undefined ? {} : { mediaType }),
    // The gateway checks the word.
    ...(own['detail'] === undefined ? {} : { detail: own['detail'] as NonNullable<ImagePart['detail']> }),
    ...annotations,
  };
};
