import { CONTRACT_VERSION, MODEL_SOURCE, PROVIDER, type ProviderModule } from '@headrace/core/plugin';
import { AnthropicModels } from './anthropic-models.js';
import type { AnthropicOptions } from './anthropic-options.js';
import { AnthropicProvider } from './anthropic-provider.js';
import { AnthropicSettings } from './anthropic-settings.js';
import { SHARED_CLIENT, SharedClient } from './shared-client.js';

/**
 * The Anthropic Messages API for `createGateway({ providers: [anthropic()] })`. Two of them, with different ids, share
 * nothing.
 *
 * A call may carry `providerOptions.<id>`: see `AnthropicCallOptions`.
 * @throws ConfigurationError naming every wrong option.
 */
export const anthropic = (options: AnthropicOptions = {}): ProviderModule => {
  const settings = new AnthropicSettings(options);
  return {
    name: settings.id,
    contractVersion: CONTRACT_VERSION,
    register(scope) {
      scope.own.register(SHARED_CLIENT, { useValue: new SharedClient(settings) });
      scope.provide(PROVIDER, AnthropicProvider);
      scope.provide(MODEL_SOURCE, AnthropicModels);
    },
  };
};
