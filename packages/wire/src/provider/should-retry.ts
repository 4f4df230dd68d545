import type { HttpAnswer } from '../http/body-decoder.js';
import { headerOf } from '../http/received-answer.js';

/** What an upstream says of asking again (`x-should-retry`), where it says anything. */
export const shouldRetryOf = (answer: HttpAnswer | undefined): boolean | undefined => {
  const said = answer === undefined ? undefined : headerOf(answer, 'x-should-retry');
  const word = typeof said === 'string' ? said.trim().toLowerCase() : undefined;
  return word === 'true' ? true : word === 'false' ? false : undefined;
};
