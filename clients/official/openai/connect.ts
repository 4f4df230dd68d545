import OpenAI from 'openai';
import { API_KEY, type VercelEmulator } from '../emulator.ts';

export const MODEL = 'openai/gpt-4.1-nano';

/** The client as its users make it: only the address and the key are ours. */
export const connect = (emulator: VercelEmulator, apiKey = API_KEY): OpenAI =>
  new OpenAI({ baseURL: emulator.baseUrl, apiKey });

export const ask = (content: string, model = MODEL) => ({
  model,
  messages: [{ role: 'user' as const, content }],
});

/** A request for a response. */
export const askResponse = (input: string, model = MODEL) => ({ model, input });

/** What the gateway sends beside what OpenAI's types name. */
export interface GatewayExtras {
  readonly generationId: string;
  readonly usage: { readonly cost: number };
}
