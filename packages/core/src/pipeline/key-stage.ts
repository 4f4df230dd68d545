import type { Provider } from '../contract/provider.js';
import type { KeyRing } from './key-ring.js';
import { lazySource } from './lazy-source.js';
import type { RetryTerms } from './retry-wait.js';
import type { Stage } from './stage.js';

/** Whether a provider rotates over several keys. */
export const hasSeveralKeys = ({ keys }: Provider): boolean => keys !== undefined && keys.length > 1;

/** What is known of the keys of each provider: which rest, which are out of use. Lives as long as the provider. */
export type KeyRings = WeakMap<Provider, KeyRing>;

/** Retries over the keys of the target's provider where it has several; the plain stage for all others. */
export const keyStage =
  (plain: Stage, terms: RetryTerms, rings: KeyRings): Stage =>
  (next) => {
    const single = plain(next);
    // Not before a call has keys to choose from.
    const several = lazySource(async () => {
      const { keyedRetry } = await import('./keyed-retry.js');
      return keyedRetry(terms, rings)(next);
    });
    return (request, scope) => {
      const provider = scope.target?.provider;
      return (provider === undefined || !hasSeveralKeys(provider) ? single : several)(request, scope);
    };
  };
