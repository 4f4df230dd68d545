import type { VercelEmulator } from '../emulator-options.js';
import { ask, type Json } from './emulator-client.js';
import { namedEvents, postTo } from './named-events.js';

export const CLAUDE = 'anthropic/claude-sonnet-4.5';
/** A request of the Messages dialect. */
export const say = (content: unknown, more: Json = {}): Json => ({
  ...ask('', { model: CLAUDE }),
  messages: [{ role: 'user', content }],
  max_tokens: 4096,
  ...more,
});
/** A tool of a city. */
export const tool = (name: string): Json => ({
  name,
  description: `The ${name} of a city`,
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
});
/** Asks for thinking. */
export const budget = { thinking: { type: 'enabled', budget_tokens: 2048 } };

/** The parsed body of a whole message; throws when it is no success. */
export async function message(emulator: VercelEmulator, body: Json): Promise<Json> {
  const response = await postTo(emulator, '/messages', body);
  const json = (await response.json()) as Json;
  if (response.status !== 200) throw new Error(JSON.stringify(json));
  return json;
}

/** The events of a streamed message. */
export const events = async (emulator: VercelEmulator, body: Json): Promise<Json[]> =>
  namedEvents(await (await postTo(emulator, '/messages', { ...body, stream: true })).text());
