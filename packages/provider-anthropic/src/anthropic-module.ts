import type { ProviderModule } from '@headrace/core/plugin';
import { clientModule } from '@headrace/wire/provider';
import { AnthropicClient } from './anthropic-client.js';
import type { AnthropicOptions } from './anthropic-options.js';
import { AnthropicSettings } from './anthropic-settings.js';

/**
 * The Anthropic Messages API for `createGateway({ providers: [anthropic()] })`. Two of them, with different ids, share
 * nothing.
 *
 * A call may carry `providerOptions.<id>`: see `AnthropicCallOptions`.
 * @throws ConfigurationError naming every wrong option.
 */
export const anthropic = (options: AnthropicOptions = {}): ProviderModule => {
  const settings = new AnthropicSettings(options);
  return clientModule(settings.id, (clock) => new AnthropicClient(settings, clock));
};
