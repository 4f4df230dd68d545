import Anthropic from '@anthropic-ai/sdk';
import { API_KEY, type VercelEmulator } from '../emulator.ts';

export const MODEL = 'anthropic/claude-sonnet-4.5';
export const MESSAGES = '/v1/messages';

/** The client as its users make it: only the address and the key are ours. */
export const connect = (emulator: VercelEmulator, apiKey = API_KEY): Anthropic =>
  new Anthropic({ baseURL: emulator.url, apiKey });

export const ask = (content: string, model = MODEL) => ({
  model,
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content }],
});

/** The text of an answer, its blocks joined. */
export const textOf = ({ content }: Anthropic.Message): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');
