import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { echo, like } from './__fixtures__/plugins.js';
import { Project } from './__fixtures__/project.js';
import { showConfig } from './index.js';

// No canary: it is written into files.
const HIDDEN = 'hidden-7f3a91';
const VERCEL = '@headrace/provider-vercel';

const project = new Project();
afterAll(() => {
  project[Symbol.dispose]();
});

const show = async (config: object): Promise<unknown> => showConfig(config, { from: project.folder });
const optionsShown = async (options: unknown, use: unknown = VERCEL): Promise<unknown> => {
  const shown = (await show({ providers: { p: { use, options } } })) as { providers: { p: { options: unknown } } };
  return shown.providers.p.options;
};

/** A place that holds a secret, by what stands at it. */
type Hide = (secret: string) => object;

const inOptions =
  (hide: Hide, use: unknown = VERCEL): Hide =>
  (secret) => ({ providers: { p: { use, options: hide(secret) } } });

const PLACES: Readonly<Record<string, Hide>> = {
  'a header of any name': inOptions((s) => ({ headers: { 'X-Session': s, Plain: `a ${s}` } })),
  'a list of headers': inOptions((s) => ({ headers: [`X-Auth: ${s}`] })),
  'headers as one text': inOptions((s) => ({ headers: s })),
  'a header of another name for them': inOptions((s) => ({ defaultHeaders: { a: { b: [s] } } })),
  'a key as a group': inOptions((s) => ({ apiKeys: { first: s, more: [{ deep: s }] } })),
  'a key in the place of a name': inOptions((s) => ({ apiKey: { [s]: null } })),
  'a member of an unknown member of tls': inOptions((s) => ({ tls: { passphrase: s, other: [{ pfx: s }] } })),
  'a private key': inOptions((s) => ({ private_key: s, clientKeyPem: [s] })),
  'a credential of several parts': inOptions((s) => ({
    routing: { byok: { vertex: [{ project: s, googleCredentials: { clientEmail: s, privateKey: s } }] } },
  })),
  'a misspelt option': inOptions((s) => ({ apikee: s, nested: { maxAttemps: [s] } })),
  'options of no plugin': inOptions((s) => ({ pin: s, list: [{ of: s }] }), undefined),
  'options of a plugin without a schema for editors': inOptions(
    (s) => ({ apiKey: s, a: { authToken: [s] }, b: `https://u:${s}@h/?k=${s}` }),
    like({ optionsSchema: { '~standard': { version: 1, vendor: 'x', validate: (value: unknown) => ({ value }) } } }),
  ),
  'a member beside the options': (s) => ({ providers: { p: { use: VERCEL, apiKee: s, option: { a: s } } } }),
  'providers as a list': (s) => ({ providers: [{ use: VERCEL, options: { pin: s } }] }),
  'a provider that is a text': (s) => ({ providers: { p: s } }),
  'a field that no policy has': (s) => ({
    providers: {},
    keyy: s,
    retry: { maxAttemps: [s] },
    provders: { p: { o: s } },
  }),
  'a password in what a schema leaves open': inOptions((s) => ({ routing: { deep: [{ password: { is: [s] } }] } })),
  'user info of a URL': inOptions((s) => ({ proxy: `http://user:${s}@127.0.0.1:1`, baseUrl: `https://${s}@h/v1` })),
  'user info without a scheme': inOptions((s) => ({ proxy: `user:${s}@127.0.0.1:1`, baseUrl: `//a:${s}@h` })),
  'a query': inOptions((s) => ({ proxy: `http://h/?a=1&token=${s}`, baseUrl: `https://h/v1?api-key=${s}&v=${s}#x` })),
  'a query without names': inOptions((s) => ({ baseUrl: `https://h/v1?${s}` })),
  'a query of a path': inOptions((s) => ({ baseUrl: `/v1?k=${s}` })),
  'a fragment': inOptions((s) => ({ baseUrl: `https://h/v1#${s}` })),
  'a URL in a policy': (s) => ({
    routes: { chat: { targets: [`see https://h/?k=${s} there`] } },
    $schema: `http://h?k=${s}`,
  }),
  'a Bearer value': inOptions((s) => ({ baseUrl: `Bearer ${s}`, id: `x bearer  "${s}"` })),
  'a Basic value': (s) => ({ routes: { chat: { targets: [`Basic ${s}`] } } }),
  'an assignment': (s) => ({ routes: { chat: { targets: [`api_key=${s}`, `{"token": "${s}"}`] } } }),
  'a PEM block': inOptions((s) => ({
    ca: [`-----BEGIN PRIVATE KEY-----\n${s}\n-----END PRIVATE KEY-----`, `-----BEGIN CERTIFICATE-----\\n${s}`],
  })),
  'braces that hold no reference': inOptions((s) => ({
    apiKey: `\${${s}}`,
    headers: { a: `$\${${s}}`, b: `\${A}${s}` },
  })),
  'the whole file': (s) => [s],
};

describe('a configuration that is shown', () => {
  it.each(Object.keys(PLACES))('hides a secret in %s', async (place) => {
    const config = PLACES[place]?.(HIDDEN);
    expect(JSON.stringify(config)).toContain(HIDDEN);
    expect(JSON.stringify(await show(config ?? {}))).not.toContain(HIDDEN);
  });

  it('hides any secret in any of its places', async () => {
    const token = fc.stringMatching(/^[A-Za-z0-9_~.+-]{4,24}$/).map((text) => `canary-${text}-end`);
    const name = fc.constantFrom(...Object.keys(PLACES));
    await fc.assert(
      fc.asyncProperty(token, fc.array(name, { minLength: 1, maxLength: 2 }), async (secret, places) => {
        for (const place of places)
          expect(JSON.stringify(await show(PLACES[place]?.(secret) ?? {}))).not.toContain(secret);
      }),
      { numRuns: 15, examples: [['canary-....-end', ['a query', 'a Bearer value', 'a PEM block']]] },
    );
  });

  it('hides whatever stands below a secret name, however deep', async () => {
    const name = fc.constantFrom('X-Auth', 'apiKey', 'client_secret', 'passphrase', 'tls', 'SSL', 'accessKeyId', 'jwt');
    const inner = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(HIDDEN, `a ${HIDDEN}`, 731_900_731),
        fc.array(tie('node'), { minLength: 1, maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'name', 'region'), tie('node'), { minKeys: 1 }),
      ),
    })).node;
    await fc.assert(
      fc.asyncProperty(name, inner, fc.constantFrom(VERCEL, echo, undefined), async (key, value, use) => {
        const options = { [key]: value, routing: { [key]: [value] } };
        const shown = JSON.stringify([await optionsShown(options, use), await show({ x: options, providers: {} })]);
        expect(shown).not.toContain(HIDDEN);
        expect(shown).not.toContain('731900731');
      }),
      { numRuns: 15, examples: [['tls', { name: [{ a: HIDDEN }, 731_900_731] }, VERCEL]] },
    );
  });

  it('keeps what is no secret: names of a query, references, numbers of tokens, names of the host', async () => {
    const options = {
      apiKeys: [{ key: HIDDEN, name: 'second' }],
      baseUrl: `https://\${HOST}/v1?api-version=${HIDDEN}&key=\${KEY}#`,
      proxy: 'http://${USER}:${file:my secrets/pass}@127.0.0.1:8080',
      headers: { 'x-auth': 'Bearer ${KEY}', 'x-user': '${file:a}${B}' },
      routing: { order: ['openai'], sort: 'cost', zeroDataRetention: true },
      maxConnections: 4,
    };
    expect(await optionsShown(options)).toEqual({
      ...options,
      apiKeys: [{ key: '[secret]', name: 'second' }],
      baseUrl: 'https://${HOST}/v1?api-version=[secret]&key=${KEY}#',
    });
    const policies = {
      routes: {
        auth: { targets: ['p:openai/gpt-5-nano-2025-08-07', { model: 'p:a/b', weight: 2 }], strategy: 'weighted' },
      },
      defaults: { maxOutputTokens: 5 },
      limits: { gateway: { tokensPerMinute: 5 } },
      models: { 'p:a/b': { maxInputTokens: 9, pricing: { input: 1, output: '${PRICE}' } } },
    };
    expect(await show({ ...policies, providers: {} })).toEqual({ ...policies, providers: {} });
  });

  it.each(['a8f3c9d2e1b7a6c5', 'sk-live-abcdefgh', 'AKIAABCDEFGHIJKLMNOP', 'eyJhbGciOi.e30.c2ln'])(
    'hides %s by its form where a schema takes anything, as a name too',
    async (secret) => {
      const shown = await optionsShown({ routing: { order: ['anthropic', secret], [secret]: { anything: secret } } });
      expect(JSON.stringify(shown)).not.toContain(secret);
      expect(shown).toMatchObject({ routing: { order: ['anthropic', '[secret]'] } });
    },
  );

  it('shows a plugin of code as one', async () => {
    expect(await show({ providers: { p: { use: echo } } })).toEqual({ providers: { p: { use: '[plugin]' } } });
  });
});
