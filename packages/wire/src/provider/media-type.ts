import type { Delivery } from '@headrace/core/plugin';
import type { HttpAnswer } from '../http/body-decoder.js';
import { headerOf } from '../http/received-answer.js';

/** The media type of an answer in lower case, without parameters; empty when it names none. */
export const mediaTypeOf = (answer: HttpAnswer): string => {
  const value = headerOf(answer, 'content-type');
  // As most write it; everything below is for those who write it otherwise.
  if (value === 'application/json' || value === 'text/event-stream') return value;
  return (Array.isArray(value) ? value[0] : value)?.split(';')[0]?.trim().toLowerCase() ?? '';
};

/**
 * Whether an answer is to be read as a stream. What came decides, not what was asked for: some answers to a stream are
 * plain JSON, errors above all.
 */
export const isStreamed = (answer: HttpAnswer, asked: Delivery): boolean => {
  const type = mediaTypeOf(answer);
  return type === 'text/event-stream' || (type !== 'application/json' && asked === 'stream');
};
