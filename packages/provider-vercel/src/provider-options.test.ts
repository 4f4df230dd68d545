import { InvalidRequestError, type JsonObject, parseJson } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { EVERY_ROUTING_OPTION } from './__fixtures__/every-routing-option.js';
import { applyProviderOptions, type OptionedRequest, type VercelCallOptions } from './provider-options.js';
import type { VercelOptions } from './vercel-options.js';
import { VercelSettings } from './vercel-settings.js';

const PLACE = 'providerOptions.vercel';

const apply = (vercel: unknown, options: VercelOptions = {}, request: OptionedRequest = {}) =>
  applyProviderOptions(
    { ...request, providerOptions: { vercel: vercel as JsonObject, ...request.providerOptions } },
    new VercelSettings({ env: {}, ...options }),
  );

const issuesOf = (vercel: unknown, options: VercelOptions = {}, request: OptionedRequest = {}) => {
  try {
    apply(vercel, options, request);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.issues;
    throw error;
  }
  return [];
};

describe('the options of a call', () => {
  it('take every routing option of the gateway, and pass each on as it is', () => {
    expect(apply({ gateway: EVERY_ROUTING_OPTION }).providerOptions).toEqual({ gateway: EVERY_ROUTING_OPTION });
  });

  it('have a type that a host can hold its own to', () => {
    const vercel = {
      gateway: { only: ['azure'], sort: null },
      sessionAffinity: 's',
      reasoning: { exclude: true },
      anthropic: { effort: 'low' },
    } satisfies VercelCallOptions;
    expect(issuesOf(vercel)).toEqual([]);
  });

  it.each([
    ['order', 'azure'],
    ['only', []],
    ['sort', 'price'],
    ['models', ['']],
    ['byok', { openai: { apiKey: 'k' } }],
    ['caching', true],
    ['zeroDataRetention', 'yes'],
    ['disallowPromptTraining', 1],
    ['user', ''],
    ['user', 'u'.repeat(257)],
    ['tags', 'a'],
    ['quotaEntityId', 5],
    ['has', 'vision'],
    ['serviceTier', 'default'],
    ['speed', 'slow'],
    ['allowFallbackFromFast', 'no'],
    ['inferenceRegion', { scope: 'planet' }],
  ])('refuse a wrong %s: %j', (key, value) => {
    const [issue] = issuesOf({ gateway: { [key]: value } });
    expect(issue?.field.startsWith(`${PLACE}.gateway.${key}`)).toBe(true);
  });

  it.each([
    [{ tags: ['t'.repeat(65)] }, 'tags[0]'],
    [{ tags: Array.from({ length: 11 }, (_, index) => `t${index}`) }, 'tags'],
    [{ byok: { openai: [{}] } }, 'byok.openai[0]'],
    [{ byok: { openai: [{ apiKey: '' }] } }, 'byok.openai[0].apiKey'],
    [
      { byok: { vertex: [{ googleCredentials: { privateKey: 'k' } }] } },
      'byok.vertex[0].googleCredentials.clientEmail',
    ],
    [{ providerTimeouts: { byok: { openai: 999 } } }, 'providerTimeouts.byok.openai'],
    [{ providerTimeouts: { byok: { openai: 789_001 } } }, 'providerTimeouts.byok.openai'],
    [{ inferenceRegion: { scope: 'zone' } }, 'inferenceRegion.geoRegion'],
  ])('name the very place in %j', (gateway, at) => {
    expect(issuesOf({ gateway }).map(({ field }) => field)).toContain(`${PLACE}.gateway.${at}`);
  });

  it.each([
    ['zeroDataRetenton', 'Did you mean "zeroDataRetention"?'],
    ['zero_data_retention', 'Did you mean "zeroDataRetention"?'],
    ['oder', 'Did you mean "order"?'],
    ['idempotencyKey', expect.stringContaining('batches')],
    ['hipaaCompliant', expect.stringContaining('zeroDataRetention')],
    ['somethingNew', undefined],
  ])('refuse the unknown routing option %s', (key, remedy) => {
    const [issue, ...others] = issuesOf({ gateway: { [key]: true } });
    expect(issue).toMatchObject({ field: `${PLACE}.gateway.${key}`, message: 'is not a known routing option.' });
    expect(issue?.remedy).toEqual(remedy);
    expect(others).toEqual([]);
  });

  it('name the right member of an option that is an object', () => {
    const gateway = { inferenceRegion: { scope: 'global', georegion: 'eu' }, providerTimeouts: { byko: {} } };
    expect(issuesOf({ gateway })).toEqual([
      expect.objectContaining({ field: `${PLACE}.gateway.providerTimeouts.byko`, remedy: 'Did you mean "byok"?' }),
      expect.objectContaining({
        field: `${PLACE}.gateway.inferenceRegion.georegion`,
        remedy: 'Did you mean "geoRegion"?',
      }),
    ]);
  });

  it('refuse limits for the credentials of the gateway, which takes none', () => {
    expect(issuesOf({ gateway: { providerTimeouts: { system: { openai: 5_000 } } } })).toEqual([
      {
        field: `${PLACE}.gateway.providerTimeouts.system`,
        message: 'is not a known routing option.',
        remedy: 'The gateway takes limits for credentials of your own only: byok.',
      },
    ]);
  });

  it('never repeat the key of a provider', () => {
    const secret = 'very-secret-key-of-mine';
    const byok = { openai: [{ apiKey: [secret], modelMappings: secret }], azure: secret };
    expect(JSON.stringify(issuesOf({ gateway: { byok } }))).not.toContain(secret);
  });

  it('pass unknown routing options on with a warning where the host is not strict', () => {
    const options = { strictRouting: false };
    const gateway = { order: ['azure'], brandNew: { x: 1 }, sort: 'mood' };
    const { providerOptions, notes } = apply({ gateway }, options);
    expect(providerOptions).toEqual({ gateway });
    expect(notes.map(({ code, field }) => [code, field])).toEqual(
      expect.arrayContaining([
        ['routing-unknown', `${PLACE}.gateway.sort`],
        ['routing-unknown', `${PLACE}.gateway.brandNew`],
      ]),
    );
  });

  it.each([
    [{ only: ['azure'] }, 'only', 'Did you mean "gateway.only"?'],
    [{ zeroDataRetention: true }, 'zeroDataRetention', 'Did you mean "gateway.zeroDataRetention"?'],
    [{ byok: {} }, 'byok', 'Did you mean "gateway.byok"?'],
    [{ gatway: { only: ['azure'] } }, 'gatway', 'Did you mean "gateway"?'],
    [{ provider: { sort: 'cost' } }, 'provider', 'Did you mean "gateway.sort"?'],
    [{ providerOptions: { gateway: {} } }, 'providerOptions', 'Did you mean "gateway"?'],
    [{ service_tier: 'flex' }, 'service_tier', 'Did you mean "gateway.serviceTier"?'],
    [{ sessionafinity: 's' }, 'sessionafinity', 'Did you mean "sessionAffinity"?'],
    [{ verbose: true }, 'verbose', expect.stringContaining('an object named after an upstream')],
  ])('refuse %j, which would have no effect', (vercel, name, remedy) => {
    expect(issuesOf(vercel)).toEqual([expect.objectContaining({ field: `${PLACE}.${name}`, remedy })]);
  });

  it('pass on untouched what is meant for an upstream', () => {
    const anthropic = { thinking: { type: 'enabled', budget_tokens: 2_000 }, constructor: { x: null } };
    const given = { anthropic, blackForestLabs: {}, 'some-new-one': { a: [1, { b: null }] } };
    expect(apply(given).providerOptions).toEqual(given);
    expect(apply(given).providerOptions?.['anthropic']).toBe(anthropic);
  });

  it.each([
    ['{"__proto__":{"polluted":1}}', `${PLACE}.__proto__`],
    ['{"gateway":{"byok":{"__proto__":[]}}}', `${PLACE}.gateway.byok.__proto__`],
    ['{"anthropic":{"list":[{"__proto__":{}}]}}', `${PLACE}.anthropic.list[0].__proto__`],
  ])('refuse the prototype key in %s', (text, field) => {
    const hostile: unknown = JSON.parse(text);
    expect(issuesOf(hostile).map((issue) => issue.field)).toContain(field);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(issuesOf(parseJson(text))).toEqual([]);
  });

  it('refuse a nest that has no end', () => {
    const endless: { anthropic: object; again?: unknown } = { anthropic: {} };
    endless.anthropic = endless;
    expect(issuesOf(endless)[0]?.message).toContain('nested deeper than 100 levels');
  });

  it.each([[5], ['x'], [null], [[]]])('refuse a gateway that is %j', (gateway) => {
    expect(issuesOf({ gateway })).toEqual([{ field: `${PLACE}.gateway`, message: 'must be an object.' }]);
  });

  it('name every fault at once', () => {
    expect(issuesOf({ gateway: { sort: 'x', nope: 1 }, sessionAffinity: 5, reasoning: { on: true } })).toHaveLength(4);
  });
});

describe('the options of a call and the defaults', () => {
  const routing = { order: ['azure'], sort: 'cost', user: 'default', tags: ['a'] } as const;

  it('are merged key by key, the call first', () => {
    expect(apply({ gateway: { order: ['openai'] } }, { routing }).providerOptions).toEqual({
      gateway: { ...routing, order: ['openai'] },
    });
  });

  it('are the defaults alone where the call says nothing', () => {
    expect(apply({}, { routing }).providerOptions).toEqual({ gateway: routing });
    expect(applyProviderOptions({}, new VercelSettings({ env: {}, routing })).providerOptions).toEqual({
      gateway: routing,
    });
  });

  it('leave out a default that the call takes back with null', () => {
    const gateway = { order: null, user: null, serviceTier: null };
    expect(apply({ gateway }, { routing }).providerOptions).toEqual({ gateway: { sort: 'cost', tags: ['a'] } });
    const all = { order: null, sort: null, user: null, tags: null };
    expect(apply({ gateway: all }, { routing }).providerOptions).toBeUndefined();
  });

  it('have ten tags at most, those of the headers counted once', () => {
    const options = { reporting: { tags: ['a', 'b'] } };
    const tags = Array.from({ length: 8 }, (_, index) => `t${index}`);
    expect(issuesOf({ gateway: { tags: [...tags, 'a'] } }, options)).toEqual([]);
    expect(issuesOf({ gateway: { tags: [...tags, 'c'] } }, options)).toEqual([
      { field: `${PLACE}.gateway.tags`, message: 'makes 11 tags with those of the options; 10 are allowed.' },
    ]);
  });

  it('never name two end users', () => {
    const reporting = { user: 'everyone' };
    expect(apply({}, { routing }, { endUser: 'u1' }).providerOptions?.['gateway']).not.toHaveProperty('user');
    expect(apply({}, { reporting }).headers).toEqual({ 'ai-reporting-user': 'everyone' });
    expect(apply({}, { reporting }, { endUser: 'u1' }).headers).toEqual({});
    expect(apply({ gateway: { user: 'u2' } }, { reporting }).headers).toEqual({});
    expect(issuesOf({ gateway: { user: 'u1' } }, {}, { endUser: 'u1' })).toEqual([]);
    expect(issuesOf({ gateway: { user: 'u2' } }, {}, { endUser: 'u1' })).toEqual([
      expect.objectContaining({ field: `${PLACE}.gateway.user`, remedy: 'Give one of them.' }),
    ]);
  });

  it('are read under the name of the registration', () => {
    const settings = new VercelSettings({ env: {}, id: 'vercel-eu' });
    const providerOptions = { vercel: { gateway: { only: ['x'] } }, 'vercel-eu': { gateway: { only: ['y'] } } };
    expect(applyProviderOptions({ providerOptions }, settings).providerOptions).toEqual({ gateway: { only: ['y'] } });
  });

  it('are not looked for where other libraries have them, and a warning says so', () => {
    const elsewhere = { gateway: { zeroDataRetention: true } };
    const unread = { code: 'provider-options-unread', field: 'providerOptions.gateway' };
    const settings = new VercelSettings({ env: {} });
    const applied = applyProviderOptions({ providerOptions: elsewhere }, settings);
    expect(applied).toMatchObject({ providerOptions: undefined, losses: [unread] });
    expect(apply({}, {}, { providerOptions: elsewhere }).losses).toEqual([expect.objectContaining(unread)]);
    const named = new VercelSettings({ env: {}, id: 'gateway' });
    expect(applyProviderOptions({ providerOptions: {} }, named).losses).toEqual([]);
  });
});

describe('session affinity', () => {
  it('becomes a header', () => {
    expect(apply({ sessionAffinity: 'chat 7' }).headers).toEqual({ 'x-session-affinity': 'chat 7' });
  });

  it.each([['a\r\nx-evil: 1'], [''], ['日本'], [5]])('is refused where a header cannot carry it: %j', (given) => {
    expect(issuesOf({ sessionAffinity: given }).map(({ field }) => field)).toEqual([`${PLACE}.sessionAffinity`]);
  });
});

describe('the switches of reasoning', () => {
  it('are members of the body', () => {
    expect(apply({ reasoning: { enabled: true, exclude: false } }).reasoning).toEqual({
      enabled: true,
      exclude: false,
    });
    expect(apply({ reasoning: {} }).reasoning).toBeUndefined();
  });

  it.each([
    [{ effort: 'low' }, 'reasoning.effort', 'Give `reasoningEffort` with the call.'],
    [{ max_tokens: 5 }, 'reasoning.max_tokens', 'Give `reasoningBudgetTokens` with the call.'],
    [{ exlude: true }, 'reasoning.exlude', 'Did you mean "exclude"?'],
    [{ enabled: 'yes' }, 'reasoning.enabled', undefined],
    [true, 'reasoning', undefined],
  ])('are closed: %j', (reasoning, at, remedy) => {
    const [issue] = issuesOf({ reasoning });
    expect(issue?.field).toBe(`${PLACE}.${at}`);
    expect(issue?.remedy).toBe(remedy);
  });
});
