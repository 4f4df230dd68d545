import type { Provider } from '../contract/provider.js';
import { inject, injectable } from '../di/container.js';
import { PROVIDERS } from '../di/tokens.js';
import { DuplicateProviderError, UnknownProviderError } from '../errors/caller-errors.js';
import { didYouMean } from '../errors/nearest.js';

/** The providers of one generation, by id. */
@injectable()
export class ProviderRegistry {
  // Not `#`: the bundler turns those of a decorated class into a WeakMap, which every call would pay for.
  private readonly byId = new Map<string, Provider>();

  /** @throws DuplicateProviderError */
  constructor(@inject(PROVIDERS) providers: readonly Provider[]) {
    for (const provider of providers) {
      if (this.byId.has(provider.id)) {
        throw new DuplicateProviderError(
          `Two providers are called "${provider.id}". Give one of them another name, for example with its \`id\` option.`,
        );
      }
      this.byId.set(provider.id, provider);
    }
  }

  get ids(): readonly string[] {
    return [...this.byId.keys()];
  }

  find(id: string): Provider | undefined {
    return this.byId.get(id);
  }

  /** @throws UnknownProviderError */
  get(id: string): Provider {
    const provider = this.byId.get(id);
    if (provider !== undefined) return provider;
    const known = this.ids.map((one) => `"${one}"`).join(', ');
    throw new UnknownProviderError(
      `There is no provider "${id}" in this gateway.${didYouMean(id, this.ids)} Known: ${known}.`,
    );
  }

  all(): readonly Provider[] {
    return [...this.byId.values()];
  }
}
