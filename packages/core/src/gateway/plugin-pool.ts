import type { DependencyContainer } from 'tsyringe';
import type { ProviderModule } from '../di/provider-module.js';
import { type Plugin, registerPlugin } from './plugin-registration.js';

interface Entry {
  readonly plugin: Plugin;
  /** Sets apart what one module gave at different times. */
  readonly serial: number;
  /** Generations that have it. */
  users: number;
}

/** The plugins of a gateway: a module gives one provider for as long as a generation has it, however many follow each other. */
export class PluginPool {
  readonly #entries = new Map<ProviderModule, Entry>();
  #serials = 0;

  constructor(private readonly outer: DependencyContainer) {}

  /** @throws ConfigurationError, and whatever the plugin throws that is an error of ours */
  take(module: ProviderModule): Plugin & { readonly serial: number } {
    let entry = this.#entries.get(module);
    if (entry === undefined) {
      this.#serials += 1;
      entry = { plugin: registerPlugin(this.outer, module), serial: this.#serials, users: 0 };
      this.#entries.set(module, entry);
    }
    entry.users += 1;
    return { ...entry.plugin, serial: entry.serial };
  }

  /** Closes the plugins that no generation has any more, also when one of them fails. @throws AggregateError of what failed */
  async release(modules: readonly ProviderModule[]): Promise<void> {
    const failures: unknown[] = [];
    const closing = modules.flatMap((module) => {
      const entry = this.#entries.get(module);
      if (entry === undefined) return [];
      entry.users -= 1;
      if (entry.users > 0) return [];
      this.#entries.delete(module);
      return [this.#close(entry.plugin, failures)];
    });
    await Promise.all(closing);
    if (failures.length > 0) throw new AggregateError(failures, 'Closing a provider failed.');
  }

  async #close({ provider, own }: Plugin, failures: unknown[]): Promise<void> {
    try {
      await provider.close?.();
    } catch (error) {
      failures.push(error);
    }
    await own.dispose();
  }
}
