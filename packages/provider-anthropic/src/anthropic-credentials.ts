import {
  type CallContext,
  type Clock,
  CredentialRejectedError,
  type GatewayError,
  MissingCredentialError,
  Secret,
} from '@headrace/core/plugin';
import { type Environment, KeyRotation, keyFault } from '@headrace/wire/provider';
import type { AnthropicSettings } from './anthropic-settings.js';

/** Where a key was found. */
export type CredentialSource = 'apiKey' | 'apiKeys' | 'ANTHROPIC_API_KEY';

export interface Credential {
  readonly token: Secret;
  readonly source: CredentialSource;
  /** Which one, where there are several. */
  readonly name?: string;
  /** Hears how its call went, where anything depends on that. @param failure absent when it was answered */
  readonly judge?: (failure: GatewayError | undefined, context: Pick<CallContext, 'warn'>) => void;
}

const VARIABLE = 'ANTHROPIC_API_KEY';
const CREATE = 'Create one in the Claude Console under API keys.';

const SOURCE_TEXT: Readonly<Record<CredentialSource, string>> = {
  apiKey: 'the key given as option apiKey',
  apiKeys: 'a key of the option apiKeys',
  [VARIABLE]: `the key in the variable ${VARIABLE}`,
};

/** Names a key by its name or by where it came from, never by its value. */
export const describeCredential = ({ source, name }: Pick<Credential, 'source' | 'name'>): string =>
  name === undefined ? SOURCE_TEXT[source] : `the key "${name}" of the option apiKeys`;

/** Finds the key of a call: the explicit one, the next of several, or that of the variable, which is read anew each time. */
export class AnthropicCredentials {
  readonly #apiKey: Secret | undefined;
  readonly #keys: KeyRotation | undefined;
  readonly #env: Environment;
  /** The key of the variable as it was last: what is made of a key once need not be made again. */
  #ofVariable: Credential | undefined;

  constructor({ id, apiKey, apiKeys, env }: AnthropicSettings, clock: Clock) {
    this.#apiKey = apiKey;
    this.#env = env;
    this.#keys = apiKeys.length === 0 ? undefined : new KeyRotation(id, apiKeys, clock);
  }

  /**
   * @param name of the one to use, where there are several; default: the next in turn. @param model that the call is for; none: a list of models or the like.
   * @throws, or rejects with, MissingCredentialError when there is none, CredentialRejectedError for what cannot be a key.
   */
  find(name?: string, model?: string): Credential | Promise<Credential> {
    if (this.#keys !== undefined) return this.#keys.find(name, model);
    if (this.#apiKey !== undefined && this.#apiKey.reveal() !== '') return { token: this.#apiKey, source: 'apiKey' };
    const text = this.#env[VARIABLE] ?? '';
    if (text === '')
      throw new MissingCredentialError(
        `No key for the Anthropic API. Looked at the option apiKey and the variable ${VARIABLE}. ${CREATE}`,
      );
    if (this.#ofVariable?.token.reveal() === text) return this.#ofVariable;
    const fault = keyFault(text);
    if (fault !== undefined)
      throw new CredentialRejectedError(`Nothing was sent: ${SOURCE_TEXT[VARIABLE]} ${fault} ${CREATE}`);
    this.#ofVariable = { token: new Secret(text), source: VARIABLE };
    return this.#ofVariable;
  }
}
