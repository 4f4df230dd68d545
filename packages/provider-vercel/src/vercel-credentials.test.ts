import { CredentialRejectedError, MissingCredentialError, Secret } from '@headrace/core/plugin';
import { afterEach, describe, expect, it } from '@jest/globals';
import { jwt } from './__fixtures__/jwt.js';
import { findCredential } from './vercel-credentials.js';

const CONTEXT = Symbol.for('@vercel/request-context');
const NOW = Date.UTC(2026, 10, 23);
const later = jwt(NOW / 1000 + 60);
const earlier = jwt(NOW / 1000 - 60);

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

describe('findCredential', () => {
  const env = { AI_GATEWAY_API_KEY: 'vck_env', VERCEL_OIDC_TOKEN: later };

  it('prefers the explicit key, then the variable, then the request, then the OIDC variable', () => {
    withContext(() => ({ headers: { 'x-vercel-oidc-token': later } }));
    const told = (apiKey: Secret | undefined, variables: object): unknown => {
      const { token, method, source } = findCredential(apiKey, { ...variables }, NOW);
      return [token.reveal(), method, source];
    };
    expect(told(new Secret('vck_option'), env)).toEqual(['vck_option', 'api-key', 'apiKey']);
    expect(told(undefined, env)).toEqual(['vck_env', 'api-key', 'AI_GATEWAY_API_KEY']);
    expect(told(undefined, { ...env, AI_GATEWAY_API_KEY: '' })).toEqual([later, 'oidc', 'request-context']);
    Reflect.deleteProperty(globalThis, CONTEXT);
    expect(told(undefined, { VERCEL_OIDC_TOKEN: later })).toEqual([later, 'oidc', 'VERCEL_OIDC_TOKEN']);
  });

  it('goes straight to OIDC for an explicit empty key', () => {
    expect(findCredential(new Secret(''), env, NOW)).toMatchObject({ method: 'oidc', source: 'VERCEL_OIDC_TOKEN' });
  });

  it('never keeps the token of a request', () => {
    const tokens = [jwt(NOW / 1000 + 1), jwt(NOW / 1000 + 2)];
    const given = [...tokens];
    withContext(() => ({ headers: { 'x-vercel-oidc-token': given.shift() } }));
    expect(tokens.map(() => findCredential(undefined, {}, NOW).token.reveal())).toEqual(tokens);
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
  ])('passes over a request context with %s', (_, get) => {
    withContext(get);
    expect(findCredential(undefined, { VERCEL_OIDC_TOKEN: later }, NOW).source).toBe('VERCEL_OIDC_TOKEN');
  });

  it('refuses an expired token before anything is sent, and says when it expired and what to do', () => {
    const error = thrownBy(() => findCredential(undefined, { VERCEL_OIDC_TOKEN: earlier }, NOW));
    expect(error).toBeInstanceOf(CredentialRejectedError);
    expect(error.message).toMatch(
      /Nothing was sent.*VERCEL_OIDC_TOKEN expired at 2026-11-22T23:59:00.000Z.*vercel env pull/,
    );
    expect(error.message).not.toContain(earlier);
  });

  it('takes a token that ends this very moment for expired', () => {
    expect(() => findCredential(undefined, { VERCEL_OIDC_TOKEN: jwt(NOW / 1000) }, NOW)).toThrow(
      CredentialRejectedError,
    );
  });

  it('sends a token whose end cannot be read', () => {
    const odd = ['opaque', 'a.b.c', `x.${Buffer.from('{"exp":"soon"}').toString('base64url')}.y`];
    for (const token of odd)
      expect(findCredential(undefined, { VERCEL_OIDC_TOKEN: token }, NOW).token.reveal()).toBe(token);
  });

  it.each(['vck_a b', 'vck_a\n', ' ', 'Bearer vck_a', 'vck_ä'])(
    'refuses the key %j of the variable without repeating it',
    (key) => {
      const error = thrownBy(() => findCredential(undefined, { AI_GATEWAY_API_KEY: key }, NOW));
      expect(error).toBeInstanceOf(CredentialRejectedError);
      expect(error.message).toContain('AI_GATEWAY_API_KEY');
      expect(error.message).not.toContain('vck_');
    },
  );

  it('names every place it looked at and how to get a key when there is none', () => {
    const error = thrownBy(() => findCredential(undefined, {}, NOW));
    expect(error).toBeInstanceOf(MissingCredentialError);
    for (const place of ['apiKey', 'AI_GATEWAY_API_KEY', 'VERCEL_OIDC_TOKEN', 'Create a key'])
      expect(error.message).toContain(place);
  });
});
