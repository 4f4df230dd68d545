import type { CitationEvent } from '@headrace/core/plugin';
import { isObject, nonEmptyString, type WireObject } from '@headrace/wire/provider';

const citation = (source: unknown): CitationEvent[] => {
  if (!isObject(source)) return [];
  const url = nonEmptyString(source['uri']);
  const title = nonEmptyString(source['title']);
  if (url === undefined || !/^https?:\/\//i.test(url)) return [];
  return [{ type: 'citation', url, ...(title === undefined ? {} : { title }) }];
};

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * The web addresses that a candidate names: what it was grounded in, and what it quotes
 * (https://ai.google.dev/api/generate-content#GroundingMetadata, #CitationMetadata).
 */
export const decodeCitations = (candidate: WireObject): CitationEvent[] => {
  const { groundingMetadata, citationMetadata } = candidate;
  const chunks = isObject(groundingMetadata) ? listed(groundingMetadata['groundingChunks']) : [];
  const quoted = isObject(citationMetadata) ? listed(citationMetadata['citationSources']) : [];
  const places = chunks.flatMap((chunk) =>
    isObject(chunk) ? [chunk['web'], chunk['retrievedContext'], chunk['maps']] : [],
  );
  return [...places, ...quoted].flatMap(citation);
};
