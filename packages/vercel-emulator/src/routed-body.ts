import { z } from 'zod';
import { gatewayOptions } from './chat-request.js';

/** Options by provider, as routes without a conversation take them. */
export const providerOptions = z.looseObject({ gateway: gatewayOptions.optional() }).catchall(z.unknown()).nullish();

/** The fields by which a request without a conversation is routed. */
export const routedFields = { model: z.string().min(1), providerOptions };

type ProviderOptions = z.infer<typeof providerOptions>;

/** The first of these options that any provider's own namespace has. */
export function upstreamOption(options: ProviderOptions, names: readonly string[]): unknown {
  for (const [provider, namespace] of Object.entries(options ?? {})) {
    if (provider === 'gateway' || typeof namespace !== 'object' || namespace === null) continue;
    const members = new Map<string, unknown>(Object.entries(namespace));
    const name = names.find((known) => members.get(known) !== undefined && members.get(known) !== null);
    if (name !== undefined) return members.get(name);
  }
  return undefined;
}

/** The names that makers have for the dimensions of a vector. */
export const DIMENSION_OPTIONS: readonly string[] = ['dimensions', 'outputDimensionality', 'outputDimension'];
