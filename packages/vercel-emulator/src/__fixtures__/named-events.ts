import type { VercelEmulator } from '../emulator-options.js';
import { type ChatOptions, type Json, KEY } from './emulator-client.js';

/** Posts to a path below `/v1`. */
export function postTo(
  emulator: VercelEmulator,
  path: string,
  body: unknown,
  { headers = { authorization: `Bearer ${KEY}` }, signal }: ChatOptions = {},
): Promise<Response> {
  return fetch(`${emulator.baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The events of a stream that names each in a line before its data; refuses any other form. */
export function namedEvents(text: string): Json[] {
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => {
      const match = /^event: (.+)\ndata: (.+)$/.exec(frame);
      if (match === null) throw new Error(`not a named event: ${frame}`);
      const event = JSON.parse(match[2] ?? '') as Json;
      if (event['type'] !== match[1]) throw new Error(`${match[1]} is not ${event['type']}`);
      return event;
    });
}
