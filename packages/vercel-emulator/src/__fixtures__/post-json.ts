import type { VercelEmulator } from '../emulator-options.js';
import { type Json, KEY } from './emulator-client.js';

/** Posts JSON to a path of the emulator, with a key. */
export const postJson = (
  emulator: VercelEmulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(emulator.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** The parsed answer. */
export const jsonOf = async (response: Response | Promise<Response>): Promise<Json> =>
  (await (await response).json()) as Json;
