import type { ProviderModule } from '@headrace/core';
import { CONTRACT_VERSION, PROVIDER, type Provider, ProviderFaultError } from '@headrace/core/plugin';
import type { PluginFailedError } from './config-error.js';

/** Stands in for a provider whose plugin failed: every call of it fails at once, so that a route goes on to its next target. */
export const absentProvider = (failure: PluginFailedError): ProviderModule => ({
  name: failure.provider,
  contractVersion: CONTRACT_VERSION,
  register(scope) {
    scope.provide(
      PROVIDER,
      class implements Provider {
        readonly id = failure.provider;
        readonly kinds = ['completion', 'embedding', 'reranking', 'image'] as const;

        async listModels(): Promise<readonly []> {
          return [];
        }

        call(): never {
          throw new ProviderFaultError(`The provider "${failure.provider}" was left out. ${failure.message}`, {
            cause: failure,
          });
        }
      },
    );
  },
});
