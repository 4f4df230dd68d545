import type { TextPart } from '@headrace/core/plugin';
import type { Block } from './cache-marks.js';
import type { RequestDraft } from './request-draft.js';

/** Undefined for a text without a word: the upstream refuses those, and it says nothing. */
export const encodeTextBlock = (part: TextPart, field: string, draft: RequestDraft): Block | undefined => {
  draft.options(part, field);
  if (part.text.trim() !== '') return draft.block({ type: 'text', text: part.text }, part, field);
  if (part.cache !== undefined)
    draft.drop(
      'cache-mark-dropped',
      `${field}.cache`,
      'The upstream takes no text without a word, and no mark on one.',
    );
  if (part.text !== '')
    draft.note('text-dropped', field, 'A text of white space alone was left out: the upstream takes none.');
  return undefined;
};
