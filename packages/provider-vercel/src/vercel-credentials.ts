import { CredentialRejectedError, MissingCredentialError, Secret } from '@headrace/core/plugin';
import { keyFault } from './key-fault.js';
import type { Environment } from './vercel-options.js';

/** What kind of credential serves a call. */
export type CredentialMethod = 'api-key' | 'oidc';

/** Where a credential was found. */
export type CredentialSource = 'apiKey' | 'AI_GATEWAY_API_KEY' | 'request-context' | 'VERCEL_OIDC_TOKEN';

export interface Credential {
  readonly token: Secret;
  readonly method: CredentialMethod;
  readonly source: CredentialSource;
}

const SOURCE_TEXT: Readonly<Record<CredentialSource, string>> = {
  apiKey: 'the key given as option apiKey',
  AI_GATEWAY_API_KEY: 'the key in the variable AI_GATEWAY_API_KEY',
  'request-context': 'the OIDC token of the current request',
  VERCEL_OIDC_TOKEN: 'the OIDC token in the variable VERCEL_OIDC_TOKEN',
};

const REMEDIES: Readonly<Record<CredentialSource, string>> = {
  apiKey: 'Check it, or create one in the Vercel dashboard under AI Gateway, API keys.',
  AI_GATEWAY_API_KEY:
    'It is used before any OIDC token, even when it is bad: check it, unset it, or create one in the Vercel dashboard under AI Gateway, API keys.',
  'request-context':
    'Check that the project may use AI Gateway; long-running work outlives this token and does better with a key in AI_GATEWAY_API_KEY.',
  VERCEL_OIDC_TOKEN: 'Run "vercel link" and "vercel env pull" again, or set a key in AI_GATEWAY_API_KEY.',
};

/** Names a credential by where it came from, never by its value. */
export const describeSource = (source: CredentialSource): string => SOURCE_TEXT[source];

/** What to do when a credential of this source is not accepted. */
export const remedyForSource = (source: CredentialSource): string => REMEDIES[source];

/** Vercel's runtimes leave the current request here. */
const CONTEXT = Symbol.for('@vercel/request-context');

const member = (value: unknown, key: PropertyKey): unknown =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' ? Reflect.get(value, key) : undefined;

const requestToken = (): string | undefined => {
  const holder = member(globalThis, CONTEXT);
  const get = member(holder, 'get');
  if (typeof get !== 'function') return undefined;
  try {
    const context: unknown = Reflect.apply(get, holder, []);
    const token = member(member(context, 'headers'), 'x-vercel-oidc-token');
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    // A runtime that refuses to tell is one that has no token for us.
    return undefined;
  }
};

/** End of a JWT's life in ms since the epoch; undefined when the token does not say. */
const expiryOf = (token: string): number | undefined => {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const exp = member(claims, 'exp');
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
};

const isoTime = (epochMs: number): string => {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? 'an unreadable time' : date.toISOString();
};

const checked = (text: string, method: CredentialMethod, source: CredentialSource, epochMs: number): Credential => {
  const fault = keyFault(text);
  if (fault !== undefined)
    throw new CredentialRejectedError(
      `Nothing was sent: ${describeSource(source)} ${fault} ${remedyForSource(source)}`,
    );
  const expiry = method === 'oidc' ? expiryOf(text) : undefined;
  if (expiry !== undefined && expiry <= epochMs)
    throw new CredentialRejectedError(
      `Nothing was sent: ${describeSource(source)} expired at ${isoTime(expiry)}. ${remedyForSource(source)}`,
    );
  return { token: new Secret(text), method, source };
};

/**
 * Finds the credential of one call: explicit key, `AI_GATEWAY_API_KEY`, OIDC token of the current request,
 * `VERCEL_OIDC_TOKEN`. The first one found decides, even when it is bad. Nothing is kept: an OIDC token belongs to
 * its request, and variables may change.
 * @param apiKey the explicit key; one that reveals an empty text hides the variable.
 * @throws MissingCredentialError when there is none; CredentialRejectedError when the token has expired or cannot be one.
 */
export const findCredential = (apiKey: Secret | undefined, env: Environment, epochMs: number): Credential => {
  const explicit = apiKey?.reveal();
  if (apiKey !== undefined && explicit !== undefined && explicit !== '')
    return { token: apiKey, method: 'api-key', source: 'apiKey' };
  const variable = env['AI_GATEWAY_API_KEY'];
  if (explicit === undefined && variable !== undefined && variable !== '')
    return checked(variable, 'api-key', 'AI_GATEWAY_API_KEY', epochMs);
  const ofRequest = requestToken();
  if (ofRequest !== undefined) return checked(ofRequest, 'oidc', 'request-context', epochMs);
  const ofVariable = env['VERCEL_OIDC_TOKEN'];
  if (ofVariable !== undefined && ofVariable !== '') return checked(ofVariable, 'oidc', 'VERCEL_OIDC_TOKEN', epochMs);
  throw new MissingCredentialError(
    'No credential for Vercel AI Gateway. Looked at the option apiKey' +
      `${explicit === '' ? ' (empty, so the variable AI_GATEWAY_API_KEY was passed over)' : ', the variable AI_GATEWAY_API_KEY'}` +
      ', the OIDC token of the current request and the variable VERCEL_OIDC_TOKEN. ' +
      'Create a key in the Vercel dashboard under AI Gateway, API keys, and give it as apiKey or in AI_GATEWAY_API_KEY, ' +
      'or run "vercel link" and "vercel env pull" in the project.',
  );
};
