import { CONTRACT_VERSION, type ProviderModule, type ProviderPlugin } from '@headrace/core/plugin';
import { clientModule } from '@headrace/wire/provider';
import { GoogleClient } from './google-client.js';
import { type GoogleOptions, googleOptionsSchema } from './google-options.js';
import { GoogleSettings } from './google-settings.js';

/**
 * Google Gemini for `createGateway({ providers: [google()] })`. Two of them, with different ids, share nothing.
 *
 * A call may carry `providerOptions.<id>`: see `GoogleCallOptions`.
 * @throws ConfigurationError naming every wrong option.
 */
export const google = (options: GoogleOptions = {}): ProviderModule => {
  const settings = new GoogleSettings(options);
  return clientModule(settings.id, (clock) => new GoogleClient(settings, clock));
};

/** Google Gemini for files of configuration, which name this package. */
export const plugin: ProviderPlugin<GoogleOptions> = {
  contractVersion: CONTRACT_VERSION,
  optionsSchema: googleOptionsSchema,
  create: google,
};
