import { type CallContext, type Clock, type GatewayError, MissingCredentialError, Secret } from '@headrace/core/plugin';
import type { Environment } from './environment.js';
import { keyFault } from './key-fault.js';
import { KeyRotation } from './key-rotation.js';
import type { NamedKey } from './named-keys.js';

/** The key that a call sends, and where it came from. */
export interface FoundKey {
  /** Absent: the server has none. */
  readonly token: Secret | undefined;
  /** How errors call it: never its value. */
  readonly called: string | undefined;
  /** Hears how its call went, where anything depends on that. */
  readonly judge?: ((failure: GatewayError | undefined, context: Pick<CallContext, 'warn'>) => void) | undefined;
}

export interface KeyFinderTerms {
  /** Id of the provider. */
  readonly provider: string;
  /** How errors call the upstream. */
  readonly title: string;
  /** The explicit key; one that reveals an empty text: none is sent. */
  readonly apiKey: Secret | undefined;
  /** Several keys in place of one, or none. */
  readonly apiKeys: readonly NamedKey[];
  /** Variables that may hold the key; the first that is set counts. None: the server needs no key. */
  readonly variables: readonly string[];
  readonly env: () => Environment;
  readonly clock: Clock;
}

const NONE: FoundKey = { token: undefined, called: undefined };

/** Finds the key of each call anew: the one of the options, the next of several, or that of a variable. */
export class KeyFinder {
  // Not fields that print: they hold secrets.
  readonly #terms: KeyFinderTerms;
  readonly #rotation: KeyRotation | undefined;

  constructor(terms: KeyFinderTerms) {
    this.#terms = terms;
    const { provider, apiKeys, clock } = terms;
    this.#rotation = apiKeys.length === 0 ? undefined : new KeyRotation(provider, apiKeys, clock);
  }

  /** @param model that the call is for; none: a list of models or the like. @throws MissingCredentialError; or rejects with the error that says that no key is ready */
  find(name?: string, model?: string): FoundKey | Promise<FoundKey> {
    if (this.#rotation !== undefined) return this.#inTurn(this.#rotation, name, model);
    const { apiKey, title, variables, env } = this.#terms;
    if (apiKey !== undefined)
      return apiKey.reveal() === '' ? NONE : { token: apiKey, called: 'the key given as option apiKey' };
    if (variables.length === 0) return NONE;
    const set = env();
    for (const variable of variables) {
      const text = set[variable]?.trim() ?? '';
      if (text === '') continue;
      const fault = keyFault(text);
      if (fault !== undefined) throw new MissingCredentialError(`Nothing was sent: the variable ${variable} ${fault}`);
      return { token: new Secret(text), called: `the key in the variable ${variable}` };
    }
    throw new MissingCredentialError(
      `No key for ${title}: give the option apiKey, or set the variable ${variables.join(' or ')}.`,
    );
  }

  async #inTurn(rotation: KeyRotation, name: string | undefined, model?: string): Promise<FoundKey> {
    const { token, name: called, judge } = await rotation.find(name, model);
    return { token, called: `the key "${called}" of the option apiKeys`, judge };
  }
}
