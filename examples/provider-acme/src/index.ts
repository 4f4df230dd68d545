import { CONTRACT_VERSION, PROVIDER, type ProviderModule, type ProviderPlugin } from '@headrace/core/plugin';
import { type AcmeOptions, acmeOptionsSchema, parseAcmeOptions } from './acme-options.js';
import { AcmeProvider } from './acme-provider.js';

export { type AcmeOptions, acmeOptionsSchema } from './acme-options.js';
export { AcmeProvider } from './acme-provider.js';

/** Acme for `createGateway({ providers: [acme()] })`. @throws ConfigurationError naming every wrong option */
export const acme = (options: AcmeOptions = {}): ProviderModule => {
  const parsed = parseAcmeOptions(options);
  return {
    name: parsed.id ?? 'acme',
    contractVersion: CONTRACT_VERSION,
    register(scope) {
      scope.provide(
        PROVIDER,
        class extends AcmeProvider {
          constructor() {
            super(parsed);
          }
        },
      );
    },
  };
};

/** For files of configuration, which name this package. */
export const plugin: ProviderPlugin<AcmeOptions> = {
  contractVersion: CONTRACT_VERSION,
  optionsSchema: acmeOptionsSchema,
  create: acme,
};
