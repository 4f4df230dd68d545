import type { HttpAnswer } from '@headrace/wire';

const contentTypeOf = (answer: HttpAnswer): string => {
  const value = answer.headers['content-type'];
  return (Array.isArray(value) ? value[0] : value)?.split(';')[0]?.trim().toLowerCase() ?? '';
};

/** What an answer is whose body tells no error, in words that follow "answered with". */
export const shapeOf = (answer: HttpAnswer, body: string): string => {
  if (body.trim() === '') return 'an empty answer';
  if (contentTypeOf(answer) === 'text/html' || /^\s*<(?:!doctype|html)/i.test(body)) return 'an HTML page';
  return 'something that is not its JSON';
};
