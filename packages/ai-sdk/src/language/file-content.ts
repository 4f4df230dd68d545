import type { LanguageModelV4File } from '@ai-sdk/provider';
import type { MediaSource } from '@headrace/core';

/** A file of an answer, as it came: bytes are not turned into base64, nor an address fetched. */
export const fileContent = (mediaType: string, source: MediaSource): LanguageModelV4File => ({
  type: 'file',
  mediaType,
  data: source.type === 'url' ? { type: 'url', url: new URL(source.url) } : { type: 'data', data: source.data },
});
