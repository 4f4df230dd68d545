import { InvalidRequestError } from '@headrace/core/plugin';
import type { HttpRequest } from './http-call.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const NOT_IN_PATH = /[^\x21-\xff]/;
/** Set by the transport itself, or of no use to a single answer. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

const refuse = (field: string, message: string, remedy: string): never => {
  throw new InvalidRequestError([{ field, message, remedy }]);
};

/** Names found good: a provider sends the same few with every call. Bounded, as a caller may make names up. */
const goodNames = new Set<string>();
const MOST_NAMES = 256;

const checkName = (name: string): void => {
  if (!TOKEN.test(name)) {
    refuse('headers', `"${name.slice(0, 64)}" is not a header name.`, 'Letters, digits and "-" are safe.');
  }
  if (RESERVED.has(name.toLowerCase())) refuse(`headers.${name}`, 'is set by the transport.', 'Leave it out.');
  if (goodNames.size < MOST_NAMES) goodNames.add(name);
};

/** Found good, and frozen: a provider sends the same headers with call after call. */
const goodHeaders = new WeakSet<HttpRequest['headers']>();

/**
 * Refuses what HTTP cannot carry. Not left to the pool, which would count the connection it had chosen as busy for ever.
 * Values are never repeated in the message: they may be keys.
 * @throws InvalidRequestError
 */
export const checkRequest = (request: HttpRequest): void => {
  if (request.path.charCodeAt(0) !== 0x2f || NOT_IN_PATH.test(request.path)) {
    refuse('path', 'is not the path of a URL.', 'It begins with "/" and has spaces and other letters percent-encoded.');
  }
  const { headers } = request;
  if (goodHeaders.has(headers)) return;
  for (const name in headers) {
    const value = headers[name];
    if (!goodNames.has(name)) checkName(name);
    if (typeof value !== 'string' || NOT_IN_VALUE.test(value)) {
      refuse(
        `headers.${name}`,
        'holds a character that HTTP does not allow in a header, such as a line break.',
        'Look at the key or option it is made of; a key read from a file often ends in a line break.',
      );
    }
  }
  if (Object.isFrozen(headers)) goodHeaders.add(headers);
};
