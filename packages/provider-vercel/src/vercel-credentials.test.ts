import { CredentialRejectedError, MissingCredentialError, Secret } from '@headrace/core/plugin';
import { fakeClock } from '@headrace/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { jwt } from './__fixtures__/jwt.js';
import { type Credential, credentialsOf } from './vercel-credentials.js';
import type { VercelOptions } from './vercel-options.js';
import { VercelSettings } from './vercel-settings.js';

const CONTEXT = Symbol.for('@vercel/request-context');
const NOW = Date.UTC(2026, 10, 23);
const later = jwt(NOW / 1000 + 3600);
const earlier = jwt(NOW / 1000 - 60);

const atOnce = (found: Credential | Promise<Credential>): Credential => {
  if ('then' in found) throw new Error('a promise was given where everything is at hand');
  return found;
};

/** What is found at once: in production nothing is refreshed. */
const find = (env: object, options: VercelOptions = {}): Credential => {
  const settings = new VercelSettings({ env: { NODE_ENV: 'production', ...env }, ...options });
  return atOnce(credentialsOf(settings, fakeClock(NOW)).find());
};

const withContext = (get: unknown): void => {
  Reflect.set(globalThis, CONTEXT, { get });
};

const thrownBy = (body: () => unknown): Error => {
  try {
    body();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
};

afterEach(() => {
  Reflect.deleteProperty(globalThis, CONTEXT);
});

describe('the credential of a call', () => {
  const env = { AI_GATEWAY_API_KEY: canaryKey(), VERCEL_OIDC_TOKEN: later };

  it('is the explicit key, else that of the variable, else the request’s token, else the OIDC variable', () => {
    withContext(() => ({ headers: { 'x-vercel-oidc-token': later } }));
    const told = (apiKey: Secret | undefined, variables: object): unknown => {
      const { token, method, source } = find(variables, { apiKey });
      return [token.reveal(), method, source];
    };
    expect(told(new Secret(canaryKey(2)), env)).toEqual([canaryKey(2), 'api-key', 'apiKey']);
    expect(told(undefined, env)).toEqual([canaryKey(), 'api-key', 'AI_GATEWAY_API_KEY']);
    expect(told(undefined, { ...env, AI_GATEWAY_API_KEY: '' })).toEqual([later, 'oidc', 'request-context']);
    Reflect.deleteProperty(globalThis, CONTEXT);
    expect(told(undefined, { VERCEL_OIDC_TOKEN: later })).toEqual([later, 'oidc', 'VERCEL_OIDC_TOKEN']);
  });

  it('is an OIDC token for an explicit empty key', () => {
    expect(find(env, { apiKey: '' })).toMatchObject({ method: 'oidc', source: 'VERCEL_OIDC_TOKEN' });
  });

  it('is never the token of an earlier request', () => {
    const tokens = [jwt(NOW / 1000 + 3601), jwt(NOW / 1000 + 3602)];
    const given = [...tokens];
    withContext(() => ({ headers: { 'x-vercel-oidc-token': given.shift() } }));
    const credentials = credentialsOf(new VercelSettings({ env: {} }), fakeClock(NOW));
    expect(tokens.map(() => atOnce(credentials.find()).token.reveal())).toEqual(tokens);
  });

  it('is one object while the variable holds the same key, so that its headers are made once, and another when that changes', () => {
    const variables = { AI_GATEWAY_API_KEY: canaryKey() };
    const credentials = credentialsOf(new VercelSettings({ env: variables }), fakeClock(NOW));
    const first = atOnce(credentials.find());
    expect(atOnce(credentials.find())).toBe(first);
    variables.AI_GATEWAY_API_KEY = canaryKey(2);
    expect(atOnce(credentials.find()).token.reveal()).toBe(canaryKey(2));
    variables.AI_GATEWAY_API_KEY = 'two words';
    expect(() => credentials.find()).toThrow(CredentialRejectedError);
    variables.AI_GATEWAY_API_KEY = canaryKey();
    expect(atOnce(credentials.find()).token.reveal()).toBe(canaryKey());
  });

  it.each([
    ['no get', 5],
    ['no headers', () => ({})],
    ['nothing', () => undefined],
    [
      'a refusal',
      () => {
        throw new Error('outside of a request');
      },
    ],
    ['an empty token', () => ({ headers: { 'x-vercel-oidc-token': '' } })],
  ])('does not come from a request context with %s', (_, get) => {
    withContext(get);
    expect(find({ VERCEL_OIDC_TOKEN: later }).source).toBe('VERCEL_OIDC_TOKEN');
  });

  it('is refused before anything is sent once it has expired, with when it did and what to do', () => {
    const error = thrownBy(() => find({ VERCEL_OIDC_TOKEN: earlier }));
    expect(error).toBeInstanceOf(CredentialRejectedError);
    expect(error.message).toMatch(
      /Nothing was sent.*VERCEL_OIDC_TOKEN expired at 2026-11-22T23:59:00.000Z.*vercel env pull/,
    );
    expect(error.message).not.toContain(earlier);
  });

  it('has expired when it ends this very moment, and not a second before', () => {
    expect(() => find({ VERCEL_OIDC_TOKEN: jwt(NOW / 1000) })).toThrow(CredentialRejectedError);
    expect(find({ VERCEL_OIDC_TOKEN: jwt(NOW / 1000 + 1) }).method).toBe('oidc');
  });

  it('is sent where its end cannot be read', () => {
    const odd = ['opaque', 'a.b.c', `x.${Buffer.from('{"exp":"soon"}').toString('base64url')}.y`];
    for (const token of odd) expect(find({ VERCEL_OIDC_TOKEN: token }).token.reveal()).toBe(token);
  });

  it.each(['vck_a b', 'vck_a\n', ' ', 'Bearer vck_a', 'vck_ä'])(
    'is refused as %j in the variable without being repeated',
    (key) => {
      const error = thrownBy(() => find({ AI_GATEWAY_API_KEY: key }));
      expect(error).toBeInstanceOf(CredentialRejectedError);
      expect(error.message).toContain('AI_GATEWAY_API_KEY');
      expect(error.message).not.toContain('vck_');
    },
  );

  it('is asked for by every name and with the way to get one where there is none', () => {
    const error = thrownBy(() => find({}));
    expect(error).toBeInstanceOf(MissingCredentialError);
    for (const place of ['apiKey', 'AI_GATEWAY_API_KEY', 'VERCEL_OIDC_TOKEN_FILE', 'VERCEL_OIDC_TOKEN', 'Create a key'])
      expect(error.message).toContain(place);
  });

  it.each([
    { NODE_ENV: 'production' },
    { VERCEL_ENV: 'production' },
    { VERCEL_ENV: 'preview' },
    { AWS_LAMBDA_FUNCTION_NAME: 'f' },
  ])('is not looked for in files and not refreshed with %j', (place) => {
    const settings = new VercelSettings({ env: { ...place, VERCEL_OIDC_TOKEN: earlier } });
    expect(() => credentialsOf(settings, fakeClock(NOW)).find()).toThrow(CredentialRejectedError);
  });
});
