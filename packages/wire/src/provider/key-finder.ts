import { type Clock, CredentialRejectedError, MissingCredentialError, Secret } from '@headrace/core/plugin';
import type { Environment } from './environment.js';
import { keyFault } from './key-fault.js';
import { KeyRotation } from './key-rotation.js';
import type { NamedKey } from './named-keys.js';
import type { KeySource, SentKey } from './sent-key.js';

/** The key that a call sends, and where it came from. */
export interface FoundKey extends SentKey {
  /** How errors call it: never its value. Absent: none is sent. */
  readonly called: string | undefined;
}

export interface KeyFinderTerms {
  /** Id of the provider. */
  readonly id: string;
  /** How errors call the upstream. */
  readonly title: string;
  /** The explicit key; one that reveals an empty text: none is sent, and no variable is looked at. */
  readonly apiKey: Secret | undefined;
  /** Several keys in place of one, or none. */
  readonly apiKeys: readonly NamedKey[];
  /** Variables that may hold the key; the first that is set counts. None: the server needs no key. */
  readonly variables: readonly string[];
  readonly env: Environment;
  readonly clock: Clock;
  /** What to do where there is none or a bad one: a sentence. Default: nothing is said. */
  readonly remedy?: string | undefined;
}

const NONE: FoundKey = { token: undefined, called: undefined };

/** Finds the key of each call anew: the one of the options, the next of several, or that of a variable. */
export class KeyFinder implements KeySource<FoundKey> {
  // Not fields that print: they hold secrets.
  readonly #terms: KeyFinderTerms;
  readonly #rotation: KeyRotation | undefined;
  /** The key of the variable as it was last: what is made of a key once need not be made again. */
  #ofVariable: FoundKey | undefined;

  constructor(terms: KeyFinderTerms) {
    this.#terms = terms;
    const { id, apiKeys, clock } = terms;
    this.#rotation = apiKeys.length === 0 ? undefined : new KeyRotation(id, apiKeys, clock);
  }

  /** @throws, or rejects with, MissingCredentialError when there is none, CredentialRejectedError for what cannot be a key */
  find(name?: string, model?: string): FoundKey | Promise<FoundKey> {
    if (this.#rotation !== undefined) return this.#inTurn(this.#rotation, name, model);
    const { apiKey, title, variables, env, remedy } = this.#terms;
    if (apiKey !== undefined)
      return apiKey.reveal() === '' ? NONE : { token: apiKey, called: 'the key given as option apiKey' };
    if (variables.length === 0) return NONE;
    const advice = remedy === undefined ? '' : ` ${remedy}`;
    for (const variable of variables) {
      const text = env[variable]?.trim() ?? '';
      if (text === '') continue;
      if (this.#ofVariable?.token?.reveal() === text) return this.#ofVariable;
      const called = `the key in the variable ${variable}`;
      const fault = keyFault(text);
      if (fault !== undefined) throw new CredentialRejectedError(`Nothing was sent: ${called} ${fault}${advice}`);
      this.#ofVariable = { token: new Secret(text), called };
      return this.#ofVariable;
    }
    throw new MissingCredentialError(
      `No key for ${title}: give the option apiKey, or set the variable ${variables.join(' or ')}.${advice}`,
    );
  }

  async #inTurn(rotation: KeyRotation, name: string | undefined, model: string | undefined): Promise<FoundKey> {
    const { token, name: called, judge } = await rotation.find(name, model);
    return { token, called: `the key "${called}" of the option apiKeys`, judge };
  }
}
