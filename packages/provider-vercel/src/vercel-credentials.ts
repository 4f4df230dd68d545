import {
  type Clock,
  CredentialRejectedError,
  type GatewayError,
  MissingCredentialError,
  Secret,
} from '@headrace/core/plugin';
import { type Environment, KeyRotation, type KeySource, keyFault, type SentKey } from '@headrace/wire/provider';
import { OidcRefresh } from './oidc/oidc-refresh.js';
import { RefreshFault } from './oidc/refresh-fault.js';
import { requestToken } from './oidc/request-token.js';
import { expiryOf, freshnessOf } from './oidc/token-expiry.js';
import type { VercelSettings } from './vercel-settings.js';

/** What kind of credential serves a call. */
export type CredentialMethod = 'api-key' | 'oidc';

/** Where a credential was found. */
export type CredentialSource =
  | 'apiKey'
  | 'apiKeys'
  | 'AI_GATEWAY_API_KEY'
  | 'request-context'
  | 'VERCEL_OIDC_TOKEN_FILE'
  | 'VERCEL_OIDC_TOKEN'
  | 'refresh';

export interface Credential extends SentKey {
  readonly token: Secret;
  readonly method: CredentialMethod;
  readonly source: CredentialSource;
  /** Which one, where there are several. */
  readonly name?: string;
}

const SOURCE_TEXT: Readonly<Record<CredentialSource, string>> = {
  apiKey: 'the key given as option apiKey',
  apiKeys: 'a key of the option apiKeys',
  AI_GATEWAY_API_KEY: 'the key in the variable AI_GATEWAY_API_KEY',
  'request-context': 'the OIDC token of the current request',
  VERCEL_OIDC_TOKEN_FILE: 'the OIDC token in the file that VERCEL_OIDC_TOKEN_FILE names',
  VERCEL_OIDC_TOKEN: 'the OIDC token in the variable VERCEL_OIDC_TOKEN',
  refresh: 'the OIDC token fetched for the project that .vercel/project.json names',
};

const CHECK_KEY = 'Check it, or create one in the Vercel dashboard under AI Gateway, API keys.';

const REMEDIES: Readonly<Record<CredentialSource, string>> = {
  apiKey: CHECK_KEY,
  apiKeys: CHECK_KEY,
  AI_GATEWAY_API_KEY:
    'It is used before any OIDC token, even when it is bad: check it, unset it, or create one in the Vercel dashboard under AI Gateway, API keys.',
  'request-context':
    'Check that the project may use AI Gateway; long-running work outlives this token and does better with a key in AI_GATEWAY_API_KEY.',
  VERCEL_OIDC_TOKEN_FILE: 'Whatever writes that file has to renew it; or set a key in AI_GATEWAY_API_KEY.',
  VERCEL_OIDC_TOKEN: 'Run "vercel link" and "vercel env pull" again, or set a key in AI_GATEWAY_API_KEY.',
  refresh: 'Check that this project may use AI Gateway, or set a key in AI_GATEWAY_API_KEY.',
};

/** Names a credential by its name or by where it came from, never by its value. */
export const describeCredential = ({ source, name }: Pick<Credential, 'source' | 'name'>): string =>
  name === undefined ? SOURCE_TEXT[source] : `the key "${name}" of the option apiKeys`;

/** What to do when a credential of this source is not accepted. */
export const remedyForSource = (source: CredentialSource): string => REMEDIES[source];

const isoTime = (epochMs: number): string => {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? 'an unreadable time' : date.toISOString();
};

const checked = (text: string, method: CredentialMethod, source: CredentialSource): Credential => {
  const fault = keyFault(text);
  if (fault !== undefined)
    throw new CredentialRejectedError(`Nothing was sent: ${SOURCE_TEXT[source]} ${fault} ${remedyForSource(source)}`);
  return { token: new Secret(text), method, source };
};

const failed = ({ problem, remedy }: RefreshFault): string => `a new one could not be had: ${problem} ${remedy}`;

const expired = (source: CredentialSource, expiresAt: number, fault?: RefreshFault): GatewayError => {
  const told = `Nothing was sent: ${SOURCE_TEXT[source]} expired at ${isoTime(expiresAt)}`;
  return new CredentialRejectedError(
    fault === undefined || fault.isUnlinked ? `${told}. ${remedyForSource(source)}` : `${told}, and ${failed(fault)}`,
  );
};

const missing = (isKeyEmpty: boolean, fault?: RefreshFault): GatewayError => {
  const told =
    'No credential for Vercel AI Gateway. Looked at the option apiKey' +
    `${isKeyEmpty ? ' (empty, so the variable AI_GATEWAY_API_KEY was passed over)' : ', the variable AI_GATEWAY_API_KEY'}` +
    ', the OIDC token of the current request and the variables VERCEL_OIDC_TOKEN_FILE and VERCEL_OIDC_TOKEN. ' +
    'Create a key in the Vercel dashboard under AI Gateway, API keys, and give it as apiKey or in AI_GATEWAY_API_KEY, ' +
    'or run "vercel link" and "vercel env pull" in the project.';
  const tried =
    fault === undefined || fault.isUnlinked ? '' : ` The project of this folder has no token, and ${failed(fault)}`;
  return new MissingCredentialError(`${told}${tried}`);
};

export interface CredentialOptions {
  /** The explicit key; one that reveals an empty text hides the variable. */
  readonly apiKey: Secret | undefined;
  /** Several keys in place of one. */
  readonly keys?: KeyRotation | undefined;
  readonly env: Environment;
  readonly clock: Clock;
  readonly refresh: OidcRefresh;
}

/**
 * Finds the credential of a call: explicit key or keys, `AI_GATEWAY_API_KEY`, OIDC token of the current request, of the file
 * `VERCEL_OIDC_TOKEN_FILE`, of `VERCEL_OIDC_TOKEN`. The first one found decides, even when it is bad. Only an OIDC token
 * that is missing or at its end is replaced, in development, by that of the linked project. No other token is kept: it
 * belongs to its request.
 */
export class VercelCredentials implements KeySource<Credential> {
  readonly #options: CredentialOptions;
  /** The key of the variable as it was last: what is made of a credential once need not be made again. */
  #ofVariable: Credential | undefined;

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  /**
   * A promise only where a file or the network is needed: keys and living tokens are there at once.
   * @param key name of the one to use, where there are several; default: the next in turn. @param model that the call is for; none: a list of models or the like.
   * @throws, or rejects with, MissingCredentialError when there is none; CredentialRejectedError when the token has
   * expired or cannot be one.
   */
  find(key?: string, model?: string): Credential | Promise<Credential> {
    const { apiKey, env, keys } = this.#options;
    if (keys !== undefined) return keys.find(key, model);
    const explicit = apiKey?.reveal();
    if (apiKey !== undefined && explicit !== undefined && explicit !== '')
      return { token: apiKey, method: 'api-key', source: 'apiKey' };
    const variable = env['AI_GATEWAY_API_KEY'];
    if (explicit === undefined && variable !== undefined && variable !== '') return this.#variableKey(variable);
    const ofRequest = requestToken();
    if (ofRequest !== undefined) return this.#oidc(ofRequest, 'request-context');
    const file = env['VERCEL_OIDC_TOKEN_FILE'];
    if (file !== undefined && file !== '') return this.#ofFile(file);
    const ofVariable = env['VERCEL_OIDC_TOKEN'];
    if (ofVariable !== undefined && ofVariable !== '') return this.#oidc(ofVariable, 'VERCEL_OIDC_TOKEN');
    return this.#refreshed((fault) => {
      throw missing(explicit === '', fault);
    });
  }

  /** Ends a refresh under way. */
  close(): void {
    this.#options.refresh.close();
  }

  #variableKey(text: string): Credential {
    const last = this.#ofVariable;
    if (last !== undefined && last.token.reveal() === text) return last;
    const credential = checked(text, 'api-key', 'AI_GATEWAY_API_KEY');
    this.#ofVariable = credential;
    return credential;
  }

  #oidc(text: string, source: CredentialSource): Credential | Promise<Credential> {
    const { clock, refresh } = this.#options;
    const credential = checked(text, 'oidc', source);
    const expiresAt = expiryOf(text);
    const epochMs = clock.epochMs();
    const freshness = freshnessOf(expiresAt, epochMs);
    if (expiresAt === undefined || freshness === 'good') return credential;
    if (freshness === 'old') {
      if (refresh.enabled) refresh.begin();
      return credential;
    }
    return this.#refreshed((fault) => {
      if (expiresAt > clock.epochMs()) return credential;
      throw expired(source, expiresAt, fault);
    });
  }

  async #ofFile(file: string): Promise<Credential> {
    const { readFile } = await import('node:fs/promises');
    const text = (await readFile(file, 'utf8').catch(() => '')).trim();
    if (text !== '') return this.#oidc(text, 'VERCEL_OIDC_TOKEN_FILE');
    throw new MissingCredentialError(
      `No credential for Vercel AI Gateway: the file that the variable VERCEL_OIDC_TOKEN_FILE names is empty or cannot be read. ${remedyForSource('VERCEL_OIDC_TOKEN_FILE')}`,
    );
  }

  /** @param otherwise what to do when no token is to be had. */
  #refreshed(otherwise: (fault?: RefreshFault) => Credential): Credential | Promise<Credential> {
    const { refresh } = this.#options;
    if (!refresh.enabled) return otherwise();
    const of = (token: Secret): Credential => ({
      token,
      method: 'oidc',
      source: 'refresh',
      judge: (failure) => {
        if (failure?.failureClass === 'credential') refresh.refuse(token);
      },
    });
    const { held } = refresh;
    if (held !== undefined) return of(held);
    return refresh.fetch().then(of, (error: unknown) => {
      if (error instanceof RefreshFault) return otherwise(error);
      throw error;
    });
  }
}

/** What the calls of one client are authorised with. Asks nobody before a call does. */
export const credentialsOf = (settings: VercelSettings, clock: Clock): VercelCredentials => {
  const { apiKey, apiKeys, connection, env, headers, id, oidc } = settings;
  const userAgent = headers['user-agent'] ?? '';
  return new VercelCredentials({
    apiKey,
    keys: apiKeys.length === 0 ? undefined : new KeyRotation(id, apiKeys, clock),
    env,
    clock,
    refresh: new OidcRefresh({ ...oidc, connection, env, clock, userAgent }),
  });
};
