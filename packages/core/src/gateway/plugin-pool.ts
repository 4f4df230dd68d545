import type { DependencyContainer } from 'tsyringe';
import type { Clock } from '../contract/clock.js';
import type { ProviderModule } from '../di/provider-module.js';
import { ProviderFaultError } from '../errors/upstream-errors.js';
import { within } from '../limits/time-limit.js';
import { type Plugin, registerPlugin } from './plugin-registration.js';

/** How long a provider may take to close, and again what its plugin registered for itself, in ms. */
const CLOSE_MS = 5_000;

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

  constructor(
    private readonly outer: DependencyContainer,
    private readonly clock: Clock,
  ) {}

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

  /**
   * Closes the plugins that no generation has any more, also when one of them fails or is never done with it.
   * @throws AggregateError of what failed, or took longer than 5 s
   */
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
    const inTime = async (what: string, run: () => unknown): Promise<void> => {
      const overdue = () =>
        new ProviderFaultError(`${what} of the provider "${provider.id}" was not done within ${CLOSE_MS} ms.`);
      try {
        await within(Promise.resolve(run()), CLOSE_MS, this.clock, overdue);
      } catch (error) {
        failures.push(error);
      }
    };
    if (provider.close !== undefined) await inTime('The `close`', () => provider.close?.());
    await inTime('Disposing what belongs to the plugin', () => own.dispose());
  }
}
