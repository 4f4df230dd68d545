import { inspect } from 'node:util';
import { ConfigurationError, Secret } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { canariesIn, canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';
import type { VercelOptions } from './vercel-options.js';
import { VercelSettings } from './vercel-settings.js';

const faultOf = (options: unknown): ConfigurationError => {
  try {
    vercel(options as VercelOptions);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('the options were taken');
};

describe('the options of vercel()', () => {
  it.each([
    [{ apikey: 'k' }, 'apikey', 'apiKey'],
    [{ baseURL: 'https://x.example' }, 'baseURL', 'baseUrl'],
    [{ routing: { oder: ['openai'] } }, 'routing.oder', 'order'],
    [{ attribution: { referrer: 'https://x.example' } }, 'attribution.referrer', 'referer'],
    [{ catalogue: { maxAge: 1 } }, 'catalogue.maxAge', 'maxAgeMs'],
    [{ models: [{ id: 'a/b', contextwindow: 5 }] }, 'models[0].contextwindow', 'contextWindow'],
  ])('refuse the unknown field of %j and name the nearest right one', (options, field, right) => {
    expect(faultOf(options).issues).toEqual([expect.objectContaining({ field, remedy: `Did you mean "${right}"?` })]);
  });

  it.each([
    [{ id: 'Vercel' }, 'id'],
    [{ apiKey: 42 }, 'apiKey'],
    [{ apiKey: 'two words' }, 'apiKey'],
    [{ apiKey: 'key\n' }, 'apiKey'],
    [{ apiKey: 'Bearer vck_1' }, 'apiKey'],
    [{ baseUrl: 'https://ai-gateway.vercel.sh/v4/ai' }, 'baseUrl'],
    [{ team: 'a\r\nx-evil: 1' }, 'team'],
    [{ reporting: { user: 'u'.repeat(257) } }, 'reporting.user'],
    [{ reporting: { tags: Array.from({ length: 11 }, (_, i) => `t${i}`) } }, 'reporting.tags'],
    [{ reporting: { tags: ['t'.repeat(65)] } }, 'reporting.tags[0]'],
    [{ reporting: { tags: ['a,b'] } }, 'reporting.tags'],
    [{ routing: { sort: 'price' } }, 'routing.sort'],
    [{ routing: { providerTimeouts: { byok: { openai: 999 } } } }, 'routing.providerTimeouts.byok.openai'],
    [{ routing: { inferenceRegion: { scope: 'zone' } } }, 'routing.inferenceRegion.geoRegion'],
    [{ headers: { Authorization: 'Bearer x' } }, 'headers.Authorization'],
    [{ headers: { Host: 'x' } }, 'headers.Host'],
    [{ headers: { 'content-length': '3' } }, 'headers.content-length'],
    [{ headers: { 'x-a': 'a\nb' } }, 'headers.x-a'],
    [{ maxConnections: 0 }, 'maxConnections'],
    [{ proxy: 'proxy.example' }, 'proxy'],
    [{ routing: 'cheap' }, 'routing'],
    [{ routing: { byok: { openai: [{ apiKey: '' }] } } }, 'routing.byok.openai[0].apiKey'],
    [{ strictRouting: 'no' }, 'strictRouting'],
    [{ catalogue: { maxAgeMs: -1 } }, 'catalogue.maxAgeMs'],
  ])('refuse %j and name %s', (options, field) => {
    expect(faultOf(options).issues.map((issue) => issue.field)).toContain(field);
  });

  it.each([
    [{ apiKeys: [] }, 'apiKeys', /must hold a key/],
    [{ apiKeys: 'k' }, 'apiKeys', /expected array/],
    [{ apiKeys: [42] }, 'apiKeys[0]', /^must be a string or a Secret or an object with `key` and `name`\.$/],
    [{ apiKeys: [''] }, 'apiKeys[0]', /is empty/],
    [{ apiKeys: ['a', { key: 'two words' }] }, 'apiKeys[1]', /holds a space/],
    [{ apiKeys: ['a', new Secret('a')] }, 'apiKeys[1]', /is the same key as apiKeys\[0\]/],
    [
      {
        apiKeys: [
          { key: 'a', name: 'x' },
          { key: 'b', name: 'x' },
        ],
      },
      'apiKeys[1].name',
      /same name as apiKeys\[0\]/,
    ],
    [{ apiKeys: [{ key: 'k1', name: '' }] }, 'apiKeys[0].name', /1 to 64 letters/],
    [{ apiKeys: [{ key: 'k1', name: 'a\nb' }] }, 'apiKeys[0].name', /1 to 64 letters/],
    [{ apiKeys: [{ key: canaryKey(), name: canaryKey() }] }, 'apiKeys[0].name', /repeats a key: names are printed/],
    [{ apiKeys: [{ key: canaryKey(), name: canaryKey().slice(0, 12) }] }, 'apiKeys[0].name', /repeats a key/],
    [{ apiKeys: ['a', 'b'], apiKey: 'c' }, 'apiKeys', /cannot be given together with `apiKey`/],
  ])('refuse several keys that are wrong, and name %s', (options, field, message) => {
    const fault = faultOf(options);
    expect(fault.issues).toEqual([expect.objectContaining({ field, message: expect.stringMatching(message) })]);
    expect(canariesIn(inspect(fault))).toEqual([]);
  });

  it('take several keys as text, as Secret and with a name, and print none of them', () => {
    const settings = new VercelSettings({
      env: {},
      apiKeys: [canaryKey(1), new Secret(canaryKey(2)), { key: canaryKey(3), name: 'team b' }],
    });
    expect(settings.apiKeys.map(({ name, token }) => [name, token.reveal()])).toEqual([
      ['apiKeys[0]', canaryKey(1)],
      ['apiKeys[1]', canaryKey(2)],
      ['team b', canaryKey(3)],
    ]);
    expect(canariesIn(inspect(settings, { depth: 9, showHidden: true }) + JSON.stringify(settings))).toEqual([]);
  });

  it('take routing options that are not known here where the host is not strict', () => {
    const routing = { brandNew: true, sort: 'mood' } as unknown as VercelOptions['routing'];
    expect(new VercelSettings({ env: {}, routing, strictRouting: false }).routing).toEqual(routing);
    expect(faultOf({ routing }).issues.map((issue) => issue.field)).toEqual(['routing.sort', 'routing.brandNew']);
  });

  it('have ten tags at most, wherever they stand', () => {
    const tags = Array.from({ length: 6 }, (_, index) => `t${index}`);
    const more = Array.from({ length: 6 }, (_, index) => `m${index}`);
    expect(faultOf({ routing: { tags }, reporting: { tags: more } }).issues).toEqual([
      { field: 'routing.tags', message: 'makes 12 tags with those of `reporting`; 10 are allowed.' },
    ]);
    expect(new VercelSettings({ env: {}, routing: { tags }, reporting: { tags } }).reportingTags).toEqual(tags);
  });

  it('never repeat a bad key in the message', () => {
    expect(faultOf({ apiKey: 'vck_topsecret value' }).message).not.toContain('topsecret');
  });

  it('name every fault at once', () => {
    expect(faultOf({ id: 'A', maxConnections: 0, extra: 1 }).issues).toHaveLength(3);
  });

  it('name the variable when the base URL came from the environment', () => {
    const fault = faultOf({ env: { AI_GATEWAY_BASE_URL: 'http://gateway.example' } });
    expect(fault.message).toContain('AI_GATEWAY_BASE_URL');
  });
});

describe('VercelSettings', () => {
  it('has the documented defaults', () => {
    const settings = new VercelSettings({ env: {} });
    expect(settings).toMatchObject({
      id: 'vercel',
      origin: 'https://ai-gateway.vercel.sh',
      prefix: '',
      refresh: { maxAgeMs: 3_600_000, unasked: true },
      apiKey: undefined,
    });
    expect(settings.headers).toEqual({ 'user-agent': expect.stringMatching(/^headrace\/\d+\.\d+\.\d+/) });
  });

  it('takes the base URL of the environment unless the option says otherwise', () => {
    const env = { AI_GATEWAY_BASE_URL: 'https://from-env.example/v1/' };
    expect(new VercelSettings({ env }).origin).toBe('https://from-env.example');
    expect(new VercelSettings({ env, baseUrl: 'https://option.example' }).origin).toBe('https://option.example');
    expect(new VercelSettings({ env: { AI_GATEWAY_BASE_URL: '' } }).origin).toBe('https://ai-gateway.vercel.sh');
  });

  it('turns team, attribution, tags and own headers into static headers', () => {
    const { headers } = new VercelSettings({
      env: {},
      team: 'acme',
      attribution: { referer: 'https://app.example', title: 'App' },
      reporting: { tags: ['a', 'b'] },
      headers: { 'X-Own': '1' },
    });
    expect(headers).toMatchObject({
      'x-vercel-ai-gateway-team': 'acme',
      'http-referer': 'https://app.example',
      'x-title': 'App',
      'ai-reporting-tags': 'a,b',
      'x-own': '1',
    });
    expect(Object.isFrozen(headers)).toBe(true);
  });

  it('prints neither the key nor the credentials of proxies and upstreams', () => {
    const settings = new VercelSettings({
      env: {},
      apiKey: 'vck_secret1',
      proxy: 'http://user:secret2@proxy.example',
      routing: { byok: { openai: [{ apiKey: 'secret3' }] } },
    });
    const printed = inspect(settings, { depth: 10, showHidden: true }) + JSON.stringify(settings);
    expect(printed).not.toMatch(/secret[123]/);
    expect(settings.apiKey?.reveal()).toBe('vck_secret1');
  });

  it('takes a Secret as key', () => {
    expect(new VercelSettings({ env: {}, apiKey: new Secret('vck_1') }).apiKey?.reveal()).toBe('vck_1');
  });
});
