import { CONTRACT_VERSION, type ProviderModule, type ProviderPlugin } from '@headrace/core/plugin';
import { clientModule } from '@headrace/wire/provider';
import { CompatibleClient } from './compatible-client.js';
import { type CompatibleOptions, compatibleOptionsSchema } from './compatible-options.js';
import { CompatibleSettings } from './compatible-settings.js';

/**
 * An endpoint that speaks as OpenAI does, for `createGateway({ providers: [openaiCompatible({ preset: 'groq' })] })`.
 * Several of them, with different ids, share nothing.
 *
 * A call may carry `providerOptions.<id>`: members of the body in the endpoint's own words.
 * @throws ConfigurationError naming every wrong option.
 */
export const openaiCompatible = (options: CompatibleOptions = {}): ProviderModule => {
  const settings = new CompatibleSettings(options);
  return clientModule(settings.id, (clock) => new CompatibleClient(settings, clock));
};

/** OpenAI-style endpoints for files of configuration, which name this package. */
export const plugin: ProviderPlugin<CompatibleOptions> = {
  contractVersion: CONTRACT_VERSION,
  optionsSchema: compatibleOptionsSchema,
  create: openaiCompatible,
};
