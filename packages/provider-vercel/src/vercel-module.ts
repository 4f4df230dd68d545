import type { ProviderModule } from '@headrace/core/plugin';
import { clientModule } from '@headrace/wire/provider';
import { VercelClient } from './vercel-client.js';
import type { VercelOptions } from './vercel-options.js';
import { VercelSettings } from './vercel-settings.js';

/**
 * Vercel AI Gateway for `createGateway({ providers: [vercel()] })`. Two of them, with different ids, share nothing.
 *
 * A call may carry `providerOptions.<id>`: see `VercelCallOptions`.
 * @throws ConfigurationError naming every wrong option.
 */
export const vercel = (options: VercelOptions = {}): ProviderModule => {
  const settings = new VercelSettings(options);
  return clientModule(settings.id, (clock) => new VercelClient(settings, clock));
};
