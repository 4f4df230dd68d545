import type { CitationEvent } from '@headrace/core/plugin';
import { isObject, nonEmptyString } from '../chat/json-object.js';

type Passage = NonNullable<CitationEvent['document']>;

const UNITS: Readonly<Record<string, readonly [unit: Passage['unit'], start: string, end: string]>> = {
  char_location: ['character', 'start_char_index', 'end_char_index'],
  page_location: ['page', 'start_page_number', 'end_page_number'],
  content_block_location: ['block', 'start_block_index', 'end_block_index'],
};

const indexOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

const isWeb = (text: string): boolean => {
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  return protocol === 'https:' || protocol === 'http:';
};

/**
 * A citation of an answer: of a web page or search result by its address, of a document of the request by its place.
 * Undefined for what is neither.
 * Source: https://platform.claude.com/docs/en/build-with-claude/citations
 */
export const decodeDocumentCitation = (item: unknown): CitationEvent | undefined => {
  if (!isObject(item)) return undefined;
  const title = nonEmptyString(item['title']) ?? nonEmptyString(item['document_title']);
  const citedText = nonEmptyString(item['cited_text']);
  const told = { ...(title === undefined ? {} : { title }), ...(citedText === undefined ? {} : { citedText }) };
  const address = nonEmptyString(item['url']) ?? nonEmptyString(item['source']);
  if (address !== undefined && isWeb(address)) return { type: 'citation', url: address, ...told };
  const kind = item['type'];
  const form = typeof kind === 'string' && Object.hasOwn(UNITS, kind) ? UNITS[kind] : undefined;
  if (form === undefined) return undefined;
  const [unit, startName, endName] = form;
  const [index, start, end] = [item['document_index'], item[startName], item[endName]].map(indexOf);
  if (index === undefined || start === undefined || end === undefined) return undefined;
  return { type: 'citation', ...told, document: { index, unit, start, end } };
};
