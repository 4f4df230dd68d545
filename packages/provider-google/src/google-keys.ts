import { type CallContext, type Clock, type GatewayError, MissingCredentialError, Secret } from '@headrace/core/plugin';
import { KeyRotation, keyFault } from '@headrace/wire/provider';
import type { GoogleSettings } from './google-settings.js';

/** The key that a call sends, and where it came from. */
export interface Credential {
  readonly token: Secret;
  /** How errors call it: never its value. */
  readonly called: string;
  /** Hears how its call went, where anything depends on that. */
  readonly judge?: ((failure: GatewayError | undefined, context: Pick<CallContext, 'warn'>) => void) | undefined;
}

/** In the order in which Google's own clients look (https://ai.google.dev/gemini-api/docs/api-key). */
const VARIABLES = ['GOOGLE_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'] as const;

/** Finds the key of each call anew: the one of the options, the next of several, or that of a variable. */
export class GoogleKeys {
  readonly #settings: GoogleSettings;
  readonly #rotation: KeyRotation | undefined;

  constructor(settings: GoogleSettings, clock: Clock) {
    this.#settings = settings;
    this.#rotation = settings.apiKeys.length === 0 ? undefined : new KeyRotation(settings.id, settings.apiKeys, clock);
  }

  /** @throws MissingCredentialError; or rejects with the error that says that no key is ready */
  find(name?: string): Credential | Promise<Credential> {
    if (this.#rotation !== undefined) return this.#inTurn(this.#rotation, name);
    const { apiKey, env } = this.#settings;
    if (apiKey !== undefined && apiKey.reveal() !== '')
      return { token: apiKey, called: 'the key given as option apiKey' };
    for (const variable of VARIABLES) {
      const text = env[variable]?.trim() ?? '';
      if (text === '') continue;
      const fault = keyFault(text);
      if (fault !== undefined) throw new MissingCredentialError(`Nothing was sent: the variable ${variable} ${fault}`);
      return { token: new Secret(text), called: `the key in the variable ${variable}` };
    }
    throw new MissingCredentialError(
      `No key for Google Gemini: give the option apiKey, or set the variable ${VARIABLES.join(' or ')}.`,
    );
  }

  async #inTurn(rotation: KeyRotation, name: string | undefined): Promise<Credential> {
    const { token, name: called, judge } = await rotation.find(name);
    return { token, called: `the key "${called}" of the option apiKeys`, judge };
  }
}
