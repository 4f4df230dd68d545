import { describe, expect, it } from '@jest/globals';
import { ask, get, type Json, KEY, post } from './__fixtures__/emulator-client.js';
import type { AccountRules } from './account-rules.js';
import type { EmulatorOptions } from './emulator-options.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const OTHER_KEY = 'vck_fedcba9876543210';
const START = Date.UTC(2026, 10, 26, 12, 0, 0, 250);

const emulate = (account: AccountRules, more: EmulatorOptions = {}) => {
  const time = { now: START };
  const clock = { now: () => time.now, sleep: () => Promise.resolve() };
  return startVercelEmulator({ account, clock, ...more }).then((emulator) => ({
    emulator,
    time,
    ask: async (more: Json = {}, key = KEY) => {
      const response = await post(emulator, ask('Hi', more), { headers: { authorization: `Bearer ${key}` } });
      const body = (await response.json()) as Json;
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body, error: body['error'] };
    },
    [Symbol.asyncDispose]: () => emulator.close(),
  }));
};

describe('the rate limit of the account', () => {
  it('answers 429 with the seconds to wait, and lets through who waited', async () => {
    await using account = await emulate({ rateLimit: { requests: 2, perMs: 10_000 } });
    expect((await account.ask()).status).toBe(200);
    account.time.now += 4_000;
    expect((await account.ask()).status).toBe(200);
    const refused = await account.ask();
    expect(refused).toMatchObject({ status: 429, retryAfter: '6' });
    expect(refused.body).toEqual({ error: { message: 'Rate limit exceeded', type: 'rate_limit_exceeded' } });
    account.time.now += 5_999;
    expect(await account.ask()).toMatchObject({ status: 429, retryAfter: '1' });
    account.time.now += 1;
    expect((await account.ask()).status).toBe(200);
    expect((await account.ask()).status).toBe(429);
  });

  it('says when as a date, never too early, or not at all', async () => {
    await using dated = await emulate({ rateLimit: { requests: 1, perMs: 1_500, hint: 'date' } });
    await dated.ask();
    const { retryAfter } = await dated.ask();
    expect(retryAfter).toBe('Thu, 26 Nov 2026 12:00:02 GMT');
    dated.time.now = Date.parse(retryAfter ?? '');
    expect((await dated.ask()).status).toBe(200);
    await using silent = await emulate({ rateLimit: { requests: 1, perMs: 1_000, hint: 'none' } });
    await silent.ask();
    expect(await silent.ask()).toMatchObject({ status: 429, retryAfter: null });
  });

  it('leaves alone what costs nothing, and does not count a request with a fault', async () => {
    await using account = await emulate({ rateLimit: { requests: 1, perMs: 1_000 } });
    await post(account.emulator, ask('Hi'), { headers: { 'x-emulator-fault': 'status; status=500' } });
    expect((await account.ask({ model: 5 })).status).toBe(400);
    expect((await get(account.emulator, '/v1/credits')).status).toBe(200);
    expect((await account.ask()).status).toBe(200);
  });
});

describe('a budget', () => {
  it('is for each key by itself, tells what was spent, and never shows the key', async () => {
    await using account = await emulate({ budgets: [{ scope: 'key', usd: '0.000001' }] });
    expect((await account.ask()).status).toBe(200);
    const { status, error } = await account.ask();
    expect(status).toBe(402);
    expect(error).toEqual({
      message: `Quota exceeded for API key …${KEY.slice(-4)}: $0.0000121 of $0.000001 spent`,
      type: 'quota_for_entity_exceeded',
    });
    expect((await account.ask({}, OTHER_KEY)).status).toBe(200);
  });

  it.each([402, 403, 429] as const)('of the team ends with %i if it is said so', async (status) => {
    await using account = await emulate({ budgets: [{ scope: 'team', usd: 0, status }] });
    expect(await account.ask()).toMatchObject({
      status,
      retryAfter: null,
      error: { message: 'Quota exceeded for team: $0.00 of $0.00 spent', type: 'quota_for_entity_exceeded' },
    });
  });

  it('of a user or an entity holds for those who name it', async () => {
    await using account = await emulate({
      budgets: [
        { scope: 'user', of: 'ann', usd: 0 },
        { scope: 'quotaEntity', usd: '0.000001' },
      ],
    });
    const entity = (quotaEntityId: string) => ({ providerOptions: { gateway: { quotaEntityId } } });
    expect((await account.ask({ user: 'ann' })).status).toBe(402);
    expect((await account.ask({ user: 'bob' })).status).toBe(200);
    expect((await account.ask()).status).toBe(200);
    expect((await account.ask(entity('a'))).status).toBe(200);
    expect((await account.ask(entity('a'))).status).toBe(402);
    expect((await account.ask(entity('b'))).status).toBe(200);
  });

  it('is spent by every kind of answer that is paid for', async () => {
    await using account = await emulate({ budgets: [{ scope: 'team', usd: '0.000000001' }] });
    const embed = await fetch(`${account.emulator.baseUrl}/embeddings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ model: 'openai/text-embedding-3-small', input: 'Hi' }),
    });
    expect(embed.status).toBe(200);
    expect((await account.ask()).status).toBe(402);
  });
});

describe('the free tier', () => {
  it('has free models and those that are named, and refuses the others', async () => {
    await using account = await emulate({ freeTier: { models: ['openai/gpt-4.1-nano'] } });
    expect((await account.ask()).status).toBe(200);
    const { status, error } = await account.ask({ model: 'openai/gpt-4.1' });
    expect([status, error.type]).toEqual([403, 'no_providers_available']);
    expect((await account.ask({ model: 'openai/none' })).status).toBe(404);
    const fallback = await account.ask({ models: ['openai/gpt-4.1'] });
    expect(fallback.body['choices'][0].message.provider_metadata.gateway.warnings).toMatchObject([
      { message: expect.stringContaining('free tier') },
    ]);
  });

  it('has one limit for everything, and its 429 repeats itself and names no time', async () => {
    await using account = await emulate({
      freeTier: { models: ['openai/gpt-4.1-nano'], rateLimit: { requests: 1, perMs: 60_000 } },
    });
    await account.ask();
    const refused = await account.ask({}, OTHER_KEY);
    expect(refused).toMatchObject({ status: 429, retryAfter: null });
    const { param, ...error } = refused.error;
    expect(error).toEqual({ message: expect.stringContaining('rate-limited'), type: 'rate_limit_exceeded' });
    expect(param).toEqual(error);
  });
});

describe('the plan and the card', () => {
  it('on hobby have no zero data retention and no reports, whatever is wrong with the query', async () => {
    await using account = await emulate({ plan: 'hobby' });
    const zdr = { providerOptions: { gateway: { zeroDataRetention: true } } };
    expect(await account.ask(zdr)).toMatchObject({ status: 403, error: { type: 'permission_denied' } });
    expect((await account.ask()).status).toBe(200);
    const report = await get(account.emulator, '/v1/report?start_date=nonsense');
    expect([report.status, await report.json()]).toMatchObject([403, { error: { type: 'forbidden' } }]);
  });

  it('without a card answer 403', async () => {
    await using account = await emulate({ card: false });
    expect(await account.ask()).toMatchObject({ status: 403, error: { type: 'customer_verification_required' } });
  });
});

describe('the order of checks', () => {
  it('is credential, body, card, credit, budget, rate, rules, model, free tier', async () => {
    const budgets: AccountRules['budgets'] = [{ scope: 'team', usd: 0, status: 403 }];
    const rateLimit = { requests: 1, perMs: 1_000 };
    // Of a model that nobody knows, so that it shows which comes first.
    const rules: AccountRules['rules'] = [{ id: 'r1', models: ['openai/none'], action: 'deny' }];
    const all = { card: false, budgets, rateLimit, rules };
    const broke = { balance: 0 };
    const unknown = { model: 'openai/none' };
    const second = async (account: AccountRules, more: EmulatorOptions, body: Json, key = KEY) => {
      await using emulated = await emulate(account, more);
      await emulated.ask();
      const { status, error } = await emulated.ask(body, key);
      return `${status} ${error.type}`;
    };
    expect(await second(all, broke, { model: 5 }, 'bad')).toBe('401 authentication_error');
    expect(await second(all, broke, { model: 5 })).toBe('400 invalid_request_error');
    expect(await second(all, broke, unknown)).toBe('403 customer_verification_required');
    expect(await second({ budgets, rateLimit, rules }, broke, unknown)).toBe('402 insufficient_funds');
    expect(await second({ budgets, rateLimit, rules }, {}, unknown)).toBe('403 quota_for_entity_exceeded');
    expect(await second({ rateLimit, rules }, {}, unknown)).toBe('429 rate_limit_exceeded');
    expect(await second({ rules }, {}, unknown)).toBe('403 forbidden');
    expect(await second({ freeTier: {} }, {}, unknown)).toBe('404 model_not_found');
    expect(await second({ freeTier: {} }, {}, { model: 'openai/gpt-4.1' })).toBe('403 no_providers_available');
  });
});

describe('routing rules', () => {
  it('deny with the id of the rule, by alias too', async () => {
    await using account = await emulate(
      { rules: [{ id: 'rule_1', models: ['openai/gpt-4.1-nano'], action: 'deny' }] },
      { aliases: { 'acme/small': 'openai/gpt-4.1-nano' } },
    );
    for (const model of ['openai/gpt-4.1-nano', 'acme/small']) {
      expect(await account.ask({ model })).toMatchObject({
        status: 403,
        error: { type: 'forbidden', param: { ruleId: 'rule_1' } },
      });
    }
    expect((await account.ask({ model: 'openai/gpt-4.1' })).status).toBe(200);
  });

  it('ask another model instead, which is billed, while the reply keeps the asked id', async () => {
    await using account = await emulate({
      rules: [
        { id: 'a', models: ['openai/gpt-4.1-nano'], action: 'rewrite', to: 'openai/gpt-4.1' },
        { id: 'b', models: ['openai/gpt-4.1'], action: 'rewrite', to: 'openai/gpt-5-mini' },
      ],
    });
    const { body } = await account.ask();
    expect(body['model']).toBe('openai/gpt-4.1-nano');
    expect(body['choices'][0].message.provider_metadata.gateway.routing).toMatchObject({
      originalModelId: 'openai/gpt-4.1-nano',
      canonicalSlug: 'openai/gpt-5-mini',
    });
  });

  it('are kept when every provider is said to fail', async () => {
    await using account = await emulate(
      { rules: [{ id: 'a', models: ['openai/gpt-4.1-nano'], action: 'rewrite', to: 'anthropic/claude-opus-5' }] },
      { faults: [{ kind: 'status', status: 503 }] },
    );
    const { body } = await account.ask();
    expect(body['providerMetadata'].gateway.routing).toMatchObject({
      originalModelId: 'openai/gpt-4.1-nano',
      canonicalSlug: 'anthropic/claude-opus-5',
    });
  });

  it('in a cycle, or more than ten in a row, are 400', async () => {
    const chain = (length: number): AccountRules => ({
      rules: Array.from({ length }, (_, n) => ({
        id: `r${n}`,
        models: [n === 0 ? 'openai/gpt-4.1-nano' : `virtual/${n}`],
        action: 'rewrite' as const,
        to: n === length - 1 ? 'openai/gpt-4.1' : `virtual/${n + 1}`,
      })),
    });
    await using ten = await emulate(chain(10));
    expect((await ten.ask()).status).toBe(200);
    await using eleven = await emulate(chain(11));
    expect(await eleven.ask()).toMatchObject({ status: 400, error: { type: 'invalid_request_error' } });
    await using cycle = await emulate({
      rules: [
        { id: 'a', models: ['openai/gpt-4.1-nano'], action: 'rewrite', to: 'openai/gpt-4.1' },
        { id: 'b', models: ['openai/gpt-4.1'], action: 'rewrite', to: 'openai/gpt-4.1-nano' },
      ],
    });
    expect(await cycle.ask()).toMatchObject({ status: 400, error: { message: expect.stringContaining('cycle') } });
  });
});

describe('account options', () => {
  it.each([
    [{ hasCard: false }, /hasCard[\s\S]*The names are plan, card, freeTier, budgets, rateLimit, rules/],
    [{ budgets: [{ scope: 'team', usd: '-1' }] }, /US dollars[\s\S]*budgets/],
    [{ budgets: [{ scope: 'planet', usd: 1 }] }, /"team"\|"key"\|"user"\|"quotaEntity"/],
    [{ rateLimit: { requests: 0, perMs: 1 } }, /rateLimit\.requests/],
  ])('%j are refused at the start, with what would be right', async (account, message) => {
    await expect(startVercelEmulator({ account: account as AccountRules })).rejects.toThrow(message);
  });
});
