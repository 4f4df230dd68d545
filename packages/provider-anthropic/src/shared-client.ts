import type { Clock } from '@headrace/core/plugin';
import { AnthropicClient } from './anthropic-client.js';
import type { AnthropicSettings } from './anthropic-settings.js';

/** The one client that provider and model source of a registration share, made when the first of them has a clock. */
export class SharedClient {
  #client: AnthropicClient | undefined;

  readonly #settings: AnthropicSettings;

  constructor(settings: AnthropicSettings) {
    this.#settings = settings;
  }

  with(clock: Clock): AnthropicClient {
    this.#client ??= new AnthropicClient(this.#settings, clock);
    return this.#client;
  }
}

/** Token of the plugin's own container. */
export const SHARED_CLIENT = Symbol('SharedClient');
