import { MODEL_SOURCE, PROVIDER, type ProviderModule } from '@headrace/core/plugin';
import { SHARED_CLIENT, SharedClient } from './shared-client.js';
import { VercelModels } from './vercel-models.js';
import type { VercelOptions } from './vercel-options.js';
import { VercelProvider } from './vercel-provider.js';
import { VercelSettings } from './vercel-settings.js';

/**
 * Vercel AI Gateway for `createGateway({ providers: [vercel()] })`. Two of them, with different ids, share nothing.
 *
 * A call may carry `providerOptions.<id>`: see `VercelCallOptions`.
 * @throws ConfigurationError naming every wrong option.
 */
export const vercel = (options: VercelOptions = {}): ProviderModule => {
  const settings = new VercelSettings(options);
  return {
    name: settings.id,
    contractVersion: 1,
    register(scope) {
      scope.own.register(SHARED_CLIENT, { useValue: new SharedClient(settings) });
      scope.provide(PROVIDER, VercelProvider);
      scope.provide(MODEL_SOURCE, VercelModels);
    },
  };
};
