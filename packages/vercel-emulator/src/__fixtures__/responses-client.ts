import type { VercelEmulator } from '../emulator-options.js';
import type { Json } from './emulator-client.js';
import { namedEvents, postTo } from './named-events.js';

export const NANO = 'openai/gpt-4.1-nano';
export const THINKER = 'openai/gpt-5';
/** A request of the Responses dialect. */
export const say = (input: unknown, more: Json = {}): Json => ({ model: NANO, input, ...more });
/** A function of a city. */
export const tool = (name: string): Json => ({
  type: 'function',
  name,
  description: `The ${name} of a city`,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: true,
});

/** The parsed body of a whole response; throws when it is no success. */
export async function respond(emulator: VercelEmulator, body: Json): Promise<Json> {
  const response = await postTo(emulator, '/responses', body);
  const json = (await response.json()) as Json;
  if (response.status !== 200) throw new Error(JSON.stringify(json));
  return json;
}

/** The events of a streamed response. */
export const events = async (emulator: VercelEmulator, body: Json): Promise<Json[]> =>
  namedEvents(await (await postTo(emulator, '/responses', { ...body, stream: true })).text());

/** What a response says. */
export const textOf = (response: Json): string =>
  response['output']
    .filter(({ type }: Json) => type === 'message')
    .map((item: Json) => item['content'][0].text)
    .join('');
