import type { LanguageModelV4Source } from '@ai-sdk/provider';
import type { CitationEvent, FilePart, Message } from '@headrace/core';
import { jsonOf } from '../shared/json.js';
import { OWN } from '../shared/own-options.js';

const filesIn = (message: Message): FilePart[] => {
  if (typeof message.content === 'string' || message.role === 'assistant') return [];
  return message.content.flatMap((part): FilePart[] => {
    if (part.type === 'file') return [part];
    if (part.type !== 'tool-result' || typeof part.content === 'string') return [];
    return part.content.flatMap((inner) => (inner.type === 'file' ? [inner] : []));
  });
};

/** The documents of a request in their order, as citations count them. */
export const documentsOf = (messages: readonly Message[]): readonly FilePart[] => messages.flatMap(filesIn);

const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * What an answer cites. The passage goes along in `providerMetadata.headrace`.
 * @param id unique over all answers of a conversation
 */
export const sourcePart = (
  citation: CitationEvent,
  id: string,
  documents: readonly FilePart[],
): LanguageModelV4Source => {
  const { url, title, citedText, document } = citation;
  const place =
    document === undefined && citedText === undefined
      ? {}
      : { providerMetadata: { [OWN]: jsonOf({ document, citedText }) } };
  if (url !== undefined)
    return { type: 'source', sourceType: 'url', id, url, ...(title === undefined ? {} : { title }), ...place };
  const file = document === undefined ? undefined : documents[document.index];
  const filename = file?.filename;
  return {
    type: 'source',
    sourceType: 'document',
    id,
    mediaType: file?.mediaType ?? UNKNOWN_TYPE,
    title: title ?? filename ?? `Document ${(document?.index ?? 0) + 1}`,
    ...(filename === undefined ? {} : { filename }),
    ...place,
  };
};
