import type { IncomingMessage } from 'node:http';
import { bodyTooLarge } from './api-error.js';
import { isForm, parseForm } from './form-body.js';

/**
 * The bytes of a request body.
 * @throws ApiError with status 413 above `limit` bytes; the rest of the body is read and dropped, so that the client
 * gets the answer
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= limit) pieces.push(piece);
    else pieces.length = 0;
  }
  if (size > limit) throw bodyTooLarge(limit);
  return Buffer.concat(pieces);
}

const PROTOTYPE_KEY = /"(?:__proto__|constructor|prototype)"/;
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Parses JSON without keys that could reach a prototype. Undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    if (!PROTOTYPE_KEY.test(text)) return JSON.parse(text);
    return JSON.parse(text, (key, value: unknown) => (PROTOTYPE_KEYS.has(key) ? undefined : value));
  } catch {
    return undefined;
  }
}

/** What a body holds: JSON, or the fields of a form. Undefined when it is neither. */
export async function parseBody(bytes: Buffer, contentType: string | undefined): Promise<unknown> {
  return contentType !== undefined && isForm(contentType)
    ? parseForm(bytes, contentType)
    : parseJson(bytes.toString('utf8'));
}
