import type { MalformedResponseError } from '@headrace/core/plugin';
import { isObject, type WireObject } from '../chat/json-object.js';

/** What came where JSON was expected, without quoting it: it may hold what the model said. */
const unreadable = (body: string): string => {
  const start = body.slice(0, 256).trimStart();
  if (start === '') return 'the body is empty';
  if (start.startsWith('<'))
    return 'an HTML page came instead of JSON; the base URL is probably wrong (a missing /v1, for example)';
  if (/^(data|event|id|retry)?:/.test(start)) return 'an event stream came instead of JSON';
  if (start.startsWith('{')) return `the JSON is broken or cut off (${body.length} characters came)`;
  return `the body is not JSON (${body.length} characters came)`;
};

/** Whether a body is complete although its connection broke. */
export const isWhole = (text: string): boolean => {
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
};

/** The JSON object of a whole answer. @throws what `fault` makes of the reason why there is none. */
export const parseReply = (text: string, fault: (why: string) => MalformedResponseError): WireObject => {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let reply: unknown;
  try {
    reply = JSON.parse(body);
  } catch {
    throw fault(unreadable(body));
  }
  if (!isObject(reply)) throw fault('it is JSON, but not an object');
  return reply;
};
