import type { HttpAnswer } from '../http/body-decoder.js';
import { mediaTypeOf } from './media-type.js';

/** What an answer is whose body tells no error, in words that follow "answered with". */
export const shapeOf = (answer: HttpAnswer, body: string): string => {
  if (body.trim() === '') return 'an empty answer';
  if (mediaTypeOf(answer) === 'text/html' || /^\s*<(?:!doctype|html)/i.test(body)) return 'an HTML page';
  return 'something that is not its JSON';
};
