import { canaryKey } from '../../../testing/src/__fixtures__/canaries/canary.js';
import type { EmulatorClock, VercelEmulator } from '../emulator-options.js';

export const KEY = canaryKey();
export const MODEL = 'openai/gpt-4.1-nano';

/** A body that tests read freely, member by member: what `JSON.parse` gives. */
export type Json = Record<string, ReturnType<typeof JSON.parse>>;

export interface ChatOptions {
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** A request body for one user message. */
export const ask = (content: string, more: Json = {}): Json => ({
  model: MODEL,
  messages: [{ role: 'user', content }],
  ...more,
});

export function post(emulator: VercelEmulator, body: unknown, { headers = {}, signal }: ChatOptions = {}): Promise<Response> {
  return fetch(`${emulator.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

export const get = (emulator: VercelEmulator, path: string, headers: Record<string, string> = { authorization: `Bearer ${KEY}` }) =>
  fetch(emulator.url + path, { headers });

/** The parsed body of a whole answer. */
export async function whole(emulator: VercelEmulator, body: Json, options?: ChatOptions): Promise<Json> {
  return (await (await post(emulator, body, options)).json()) as Json;
}

/** The data lines of a stream. */
export function dataLines(text: string): string[] {
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => frame.replace(/^data: /, ''));
}

/** The parsed frames of a stream that ends in `[DONE]`, without it. */
export async function frames(emulator: VercelEmulator, body: Json, options?: ChatOptions): Promise<Json[]> {
  const lines = dataLines(await (await post(emulator, { ...body, stream: true }, options)).text());
  if (lines.pop() !== '[DONE]') throw new Error('the stream did not end in [DONE]');
  return lines.map((line) => JSON.parse(line) as Json);
}

export const textOfFrames = (list: readonly Json[]): string =>
  list.map((frame) => frame['choices'][0].delta.content ?? '').join('');

/** Reads a body until it ends or breaks; the text up to then, and how it ended. */
export async function readUntilBroken(response: Response): Promise<{ text: string; error: Error | undefined }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) text += decoder.decode(piece, { stream: true });
    return { text, error: undefined };
  } catch (error) {
    return { text, error: error as Error };
  }
}

/** A clock that moves only when somebody sleeps, and does not wait. */
export function fakeClock(): EmulatorClock & { readonly slept: number[] } {
  let now = Date.UTC(2026, 10, 23);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
    },
  };
}
