import type { Clock } from '@headrace/core/plugin';
import { VercelClient } from './vercel-client.js';
import type { VercelSettings } from './vercel-settings.js';

/** The one client that provider and model source of a registration share, made when the first of them has a clock. */
export class SharedClient {
  #client: VercelClient | undefined;

  readonly #settings: VercelSettings;

  constructor(settings: VercelSettings) {
    this.#settings = settings;
  }

  with(clock: Clock): VercelClient {
    this.#client ??= new VercelClient(this.#settings, clock);
    return this.#client;
  }
}

/** Token of the plugin's own container. */
export const SHARED_CLIENT = Symbol('SharedClient');
