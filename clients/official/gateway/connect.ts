import { createGateway, type GatewayProvider } from '@ai-sdk/gateway';
import type { ProviderMetadata } from 'ai';
import { API_KEY, type VercelEmulator } from '../emulator.ts';

export const MODEL = 'openai/gpt-4.1-nano';
/** A model that reasons. */
export const REASONING_MODEL = 'anthropic/claude-sonnet-4.5';
export const LANGUAGE = '/v4/ai/language-model';

/** The provider as its users make it: only the address and the key are ours. */
export const connect = (emulator: VercelEmulator, apiKey = API_KEY): GatewayProvider =>
  createGateway({ baseURL: `${emulator.url}/v4/ai`, apiKey });

/** What the gateway says of one answer under `providerMetadata.gateway`: its id and cost. */
export function receiptOf(metadata: ProviderMetadata | undefined): { generationId: string; cost: number } {
  const { generationId, cost } = metadata?.['gateway'] ?? {};
  return { generationId: typeof generationId === 'string' ? generationId : '', cost: Number(cost) };
}
