import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { GatewayError } from '@headrace/core/plugin';
import { collect, fakeClock, rejectionOf } from '@headrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { jwt } from './__fixtures__/jwt.js';
import {
  brokenInBand,
  json,
  type LoopbackServer,
  loopbackServer,
  plain,
  streamed,
  unfinished,
  whole,
} from './__fixtures__/loopback-server.js';
import { VercelClient } from './vercel-client.js';
import type { VercelOptions } from './vercel-options.js';

const MODEL = 'openai/gpt-4.1-nano';
const KEY = canaryKey();

let server: LoopbackServer;
let clients: VercelClient[] = [];

const client = (options: VercelOptions = {}, clock = fakeClock()): VercelClient => {
  const made = new VercelClient(
    { baseUrl: server.url, apiKey: KEY, env: {}, catalogue: { refresh: false }, ...options },
    clock,
  );
  clients.push(made);
  return made;
};

const lastBody = (): Record<string, unknown> =>
  JSON.parse(server.received.at(-1)?.body ?? '{}') as Record<string, unknown>;

beforeEach(async () => {
  server = await loopbackServer(streamed(['Hel', 'lo']));
});

afterEach(async () => {
  await Promise.all(clients.map((one) => one.close()));
  clients = [];
  await server[Symbol.asyncDispose]();
});

describe('VercelClient.generate', () => {
  it('gives the text piece by piece', async () => {
    await expect(collect(client().generate(MODEL, 'Hi'))).resolves.toEqual(['Hel', 'lo']);
    expect(lastBody()).toMatchObject({ model: MODEL, stream: true, messages: [{ role: 'user', content: 'Hi' }] });
  });

  it('asks for a whole answer where that is wanted', async () => {
    server.answer(whole('Hello'));
    await expect(
      collect(client().generate(MODEL, [{ role: 'user', content: 'Hi' }], { delivery: 'whole', temperature: 0 })),
    ).resolves.toEqual(['Hello']);
    expect(lastBody()).toMatchObject({ temperature: 0 });
    expect(lastBody()['stream']).not.toBe(true);
  });

  it('sends nothing before the first piece is asked for', async () => {
    const answer = client().generate(MODEL, 'Hi');
    await answer.return(undefined);
    await expect(answer.next()).resolves.toMatchObject({ done: true });
    expect(server.received).toHaveLength(0);
  });

  it('listens to the signal while it is read and neither before nor after', async () => {
    const { signal } = new AbortController();
    const answer = client().generate(MODEL, 'Hi', { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await answer.next();
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await collect(answer);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it.each([
    [{ topK: 5 }, 'topK'],
    [{ temperature: 3 }, 'temperature'],
    [{ stopSequences: ['a', 'b', 'c', 'd', 'e'] }, 'stopSequences'],
    [{ maxOutputTokens: 0 }, 'maxOutputTokens'],
    [{ temperature: Number.NaN }, 'temperature'],
    [{ temprature: 1 } as object, 'temprature'],
    [{ temperature: 'hot' } as object, 'temperature'],
    [{ reasoningEffort: 'low', reasoningBudgetTokens: 5 } as const, 'reasoningBudgetTokens'],
  ])('refuses %j before anything is sent', async (params, field) => {
    const error = await rejectionOf(collect(client().generate(MODEL, 'Hi', params)));
    expect(error).toMatchObject({ code: 'invalid-request' });
    expect((error as { issues: { field: string }[] }).issues.map((issue) => issue.field)).toContain(field);
    expect(server.received).toHaveLength(0);
  });

  it('refuses a temperature beside thinking, and takes either alone', async () => {
    const thinker = 'anthropic/claude-haiku-4.5';
    expect(
      await rejectionOf(collect(client().generate(thinker, 'Hi', { temperature: 0.5, reasoningBudgetTokens: 2048 }))),
    ).toMatchObject({ code: 'invalid-request' });
    await collect(client().generate(thinker, 'Hi', { temperature: 0.5 }));
    await collect(client().generate(thinker, 'Hi', { reasoningBudgetTokens: 2048 }));
    expect(lastBody()).toMatchObject({ reasoning: { max_tokens: 2048 } });
    expect(lastBody()['max_tokens']).toBeUndefined();
  });

  it.each([
    ['openai/gpt-4.1-nanoo', 'openai/gpt-4.1-nano'],
    ['gpt-4.1-nano', 'openai/gpt-4.1-nano'],
    ['openai/gpt-3.5-turbo', 'retired'],
  ])('does not know %s and says what may be meant', async (id, hint) => {
    const error = await rejectionOf(collect(client().generate(id, 'Hi')));
    expect(error).toMatchObject({ code: 'model-not-found', message: expect.stringContaining(hint) });
  });

  it('asks the gateway about a name that the catalogue does not know', async () => {
    server.answer((request, response) =>
      request.path === '/v1/models'
        ? json(200, { data: [{ id: 'new/model', type: 'language' }] })(request, response)
        : streamed(['new'])(request, response),
    );
    await expect(collect(client({ catalogue: {} }).generate('new/model', 'Hi'))).resolves.toEqual(['new']);
    expect(server.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v1/models', undefined],
      ['/v1/chat/completions', `Bearer ${KEY}`],
    ]);
  });

  it('sends an old name under its new one', async () => {
    await collect(client().generate('xai/grok-4.3', 'Hi'));
    expect(lastBody()['model']).toBe('spacexai/grok-4.3');
  });

  it('closes the upstream when the reader leaves, even while waiting', async () => {
    let closed = (): void => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    server.answer(unfinished(() => closed()));
    const answer = client().generate(MODEL, 'Hi');
    await expect(answer.next()).resolves.toMatchObject({ value: 'Hel' });
    const pending = answer.next();
    await answer.return(undefined);
    await gone;
    await expect(pending).resolves.toMatchObject({ done: true });
  });

  it('throws the caller’s own reason when aborted', async () => {
    let closed = (): void => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    server.answer(unfinished(() => closed()));
    const abort = new AbortController();
    const answer = client().generate(MODEL, 'Hi', { signal: abort.signal });
    await answer.next();
    const reason = { why: 'changed my mind' };
    const pending = answer.next();
    abort.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await gone;
  });

  it('tells the warnings of the gateway to who listens', async () => {
    server.answer(streamed(['Hi'], { warnings: [{ type: 'unsupported', feature: 'seed', details: 'not here' }] }));
    const warnings: unknown[] = [];
    await collect(client().generate(MODEL, 'Hi', { onWarning: (warning) => warnings.push(warning) }));
    expect(warnings).toEqual([
      { code: 'parameter-dropped', field: 'seed', message: expect.stringContaining('not here') },
    ]);
  });

  it('classifies an error that comes inside the stream', async () => {
    server.answer(brokenInBand({ code: 'error', message: 'Upstream error', statusCode: 429 }));
    const answer = client().generate(MODEL, 'Hi');
    await expect(answer.next()).resolves.toMatchObject({ value: 'Hel' });
    await expect(rejectionOf(answer.next())).resolves.toMatchObject({ code: 'rate-limited' });
    await expect(answer.next()).resolves.toMatchObject({ done: true });
  });

  it.each([
    [
      404,
      { error: { message: `Model '${MODEL}' not found`, type: 'model_not_found', param: { modelId: MODEL } } },
      'model-not-found',
    ],
    [
      400,
      {
        error: {
          message: 'Invalid input',
          type: 'invalid_request_error',
          param: 'response_format',
          code: 'invalid_request_error',
        },
      },
      'invalid-request',
    ],
    [429, { error: { message: 'Rate limit exceeded', type: 'rate_limit_exceeded' } }, 'rate-limited'],
    [401, { error: { message: 'No', type: 'authentication_error' } }, 'credential-rejected'],
    [402, { error: { message: 'Top up', type: 'insufficient_funds' } }, 'quota-exhausted'],
    [403, { error: { message: 'No', type: 'forbidden', param: { ruleId: 'r1' } } }, 'forbidden'],
    [424, { error: { message: 'No', type: 'failed_dependency' } }, 'failed-dependency'],
    [500, { error: { message: 'No', type: 'internal_server_error' } }, 'upstream-failed'],
    [503, { error: { message: 'No', type: 'service_unavailable_error' } }, 'overloaded'],
  ])('maps a %i over the wire', async (status, body, code) => {
    server.answer(json(status, body, { 'retry-after': '3' }));
    for (const delivery of ['stream', 'whole'] as const) {
      const error = await rejectionOf(collect(client().generate(MODEL, 'Hi', { delivery })));
      expect(error).toMatchObject({ code, retryAfterMs: 3_000, upstream: { status } });
      expect((error as Error).message).not.toContain(KEY);
    }
  });

  it.each([
    [404, 'text/html', '<!doctype html>'],
    [405, 'text/plain', ''],
  ])('takes a %i of %s for a wrong base URL', async (status, type, body) => {
    server.answer(plain(status, type, body));
    expect(await rejectionOf(collect(client().generate(MODEL, 'Hi')))).toMatchObject({ code: 'invalid-configuration' });
  });

  it('does not take an HTML page with status 200 for an answer', async () => {
    server.answer(plain(200, 'text/html', '<!doctype html><p>Welcome</p>'));
    for (const delivery of ['stream', 'whole'] as const)
      expect(await rejectionOf(collect(client().generate(MODEL, 'Hi', { delivery })))).toMatchObject({
        code: 'malformed-response',
      });
  });

  it('reads an error that came as JSON with status 200', async () => {
    server.answer(json(200, { error: { message: 'busy', type: 'service_unavailable_error' } }));
    expect(await rejectionOf(collect(client().generate(MODEL, 'Hi')))).toMatchObject({ code: 'overloaded' });
  });

  it('does not follow a redirect with the key', async () => {
    server.answer((_, response) => response.writeHead(307, { location: `${server.url}/elsewhere` }).end());
    expect(await rejectionOf(collect(client().generate(MODEL, 'Hi')))).toBeInstanceOf(GatewayError);
    expect(server.received).toHaveLength(1);
  });
});

describe('what VercelClient sends', () => {
  it('carries the key, its own name and the static headers', async () => {
    await collect(
      client({ team: 'acme', attribution: { title: 'App' }, headers: { 'X-Own': '1' } }).generate(MODEL, 'Hi'),
    );
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^headrace\//),
        'x-vercel-ai-gateway-team': 'acme',
        'x-title': 'App',
        'x-own': '1',
      },
    });
  });

  it('carries an OIDC token, looked up anew for every call', async () => {
    const clock = fakeClock();
    const env: Record<string, string> = {};
    const one = client({ apiKey: undefined, env }, clock);
    for (const offset of [100, 200]) {
      env['VERCEL_OIDC_TOKEN'] = jwt(clock.epochMs() / 1000 + offset);
      await collect(one.generate(MODEL, 'Hi'));
      expect(server.received.at(-1)?.headers.authorization).toBe(`Bearer ${env['VERCEL_OIDC_TOKEN']}`);
      expect((await one.getToken()).reveal()).toBe(env['VERCEL_OIDC_TOKEN']);
    }
    await clock.advance(200_000);
    expect(await rejectionOf(collect(one.generate(MODEL, 'Hi')))).toMatchObject({ code: 'credential-rejected' });
    expect(server.received).toHaveLength(2);
  });

  it('sends nothing without a credential', async () => {
    expect(await rejectionOf(collect(client({ apiKey: undefined }).generate(MODEL, 'Hi')))).toMatchObject({
      code: 'missing-credential',
    });
    expect(server.received).toHaveLength(0);
  });

  it('puts its calls under the path before /v1', async () => {
    await collect(client({ baseUrl: `${server.url}/llm/v1/` }).generate(MODEL, 'Hi'));
    expect(server.received[0]?.path).toBe('/llm/v1/chat/completions');
  });

  it('merges routing defaults with the call’s own, key by key', async () => {
    const one = client({ routing: { order: ['azure'], sort: 'cost' }, reporting: { user: 'everyone', tags: ['a'] } });
    await collect(
      one.generate(MODEL, 'Hi', {
        providerOptions: {
          vercel: { gateway: { order: ['openai'], tags: ['b'] }, sessionAffinity: 's1', anthropic: { x: 1 } },
        },
      }),
    );
    expect(lastBody()['providerOptions']).toEqual({
      gateway: { order: ['openai'], sort: 'cost', tags: ['b'] },
      anthropic: { x: 1 },
    });
    expect(server.received[0]?.headers).toMatchObject({
      'x-session-affinity': 's1',
      'ai-reporting-user': 'everyone',
      'ai-reporting-tags': 'a',
    });
  });

  it('lets the call name its own end user', async () => {
    const one = client({ routing: { user: 'default' }, reporting: { user: 'everyone' } });
    await collect(one.generate(MODEL, 'Hi', { endUser: 'u1' }));
    expect(lastBody()).toMatchObject({ user: 'u1' });
    expect(lastBody()['providerOptions']).toBeUndefined();
    expect(server.received[0]?.headers['ai-reporting-user']).toBeUndefined();
  });

  it('sends nothing when the provider options are wrong', async () => {
    const providerOptions = { vercel: { gateway: { zeroDataRetenton: true } } };
    const error = await rejectionOf(collect(client().generate(MODEL, 'Hi', { providerOptions })));
    expect(error).toMatchObject({ code: 'invalid-request', issues: [{ remedy: 'Did you mean "zeroDataRetention"?' }] });
    expect(server.received).toHaveLength(0);
  });

  it('reads its own provider options only', async () => {
    await collect(client().generate(MODEL, 'Hi', { providerOptions: { openai: { secret: true } } }));
    expect(lastBody()['providerOptions']).toBeUndefined();
  });

  it('carries the switches of reasoning beside the effort', async () => {
    const providerOptions = { vercel: { reasoning: { exclude: true } } };
    const one = client();
    await collect(one.generate('openai/gpt-5', 'Hi', { reasoningEffort: 'low', providerOptions }));
    expect(lastBody()['reasoning']).toEqual({ effort: 'low', exclude: true });
    await collect(one.generate('openai/gpt-5', 'Hi', { providerOptions }));
    expect(lastBody()['reasoning']).toEqual({ exclude: true });
    await collect(one.generate('openai/gpt-5', 'Hi'));
    expect(lastBody()).not.toHaveProperty('reasoning');
  });

  it("carries files in the gateway's own form", async () => {
    const source = { type: 'base64', data: 'JVBERi0=' } as const;
    const content = [{ type: 'file', source, mediaType: 'application/pdf', filename: 'a.pdf' }] as const;
    await collect(client().generate(MODEL, [{ role: 'user', content }]));
    expect(lastBody()['messages']).toEqual([
      {
        role: 'user',
        content: [{ type: 'file', file: { data: 'JVBERi0=', media_type: 'application/pdf', filename: 'a.pdf' } }],
      },
    ]);
  });

  it('repeats none of the keys that were sent for providers, in errors and receipts', async () => {
    const apiKey = 'Qx7-mine-alone-0123';
    const providerOptions = { vercel: { gateway: { byok: { openai: [{ apiKey }] } } } };
    const attempt = { provider: 'openai', success: false, error: `bad key ${apiKey}` };
    const routing = { modelAttempts: [{ providerAttempts: [attempt] }] };
    const error = { message: `openai does not take ${apiKey}`, type: 'internal_server_error' };
    server.answer(json(500, { error, providerMetadata: { gateway: { routing } } }));
    const failure = await rejectionOf(collect(client().generate(MODEL, 'Hi', { providerOptions })));
    expect(inspect(failure, { depth: 10 })).toContain('[hidden]');
    expect(inspect(failure, { depth: 10 })).not.toContain(apiKey);
    const warnings = [{ type: 'other', message: `retried without ${apiKey}` }];
    server.answer(whole('ok', { warnings }));
    const told: unknown[] = [];
    const onWarning = (warning: unknown) => told.push(warning);
    await collect(client().generate(MODEL, 'Hi', { providerOptions, onWarning, delivery: 'whole' }));
    expect(JSON.stringify(told)).toContain('[hidden]');
    expect(JSON.stringify(told)).not.toContain(apiKey);
  });
});

describe('what VercelClient knows and asks', () => {
  it('gives the documented defaults of a model', () => {
    expect(client().getDefaultParams(MODEL)).toMatchObject({ temperature: 1, topP: 1 });
    expect(client().getDefaultParams('openai/gpt-6-luna')).toMatchObject({ reasoningEffort: 'medium' });
    expect(client().getDefaultParams('openai/gpt-6-luna')).not.toHaveProperty('topK');
    expect(() => client().getDefaultParams('openai/gpt-4.1-nanoo')).toThrow(/Did you mean "openai\/gpt-4.1-nano"/);
  });

  it('lists the models of the gateway with all that is known of them', async () => {
    server.answer(
      json(200, {
        object: 'list',
        data: [
          { id: MODEL, type: 'language', context_window: 9 },
          { id: 'new/one', type: 'odd' },
        ],
      }),
    );
    const one = client();
    const models = await one.listModels();
    expect(models.map(({ id }) => id)).toEqual(['new/one', MODEL]);
    expect(one.catalogue.find(MODEL)).toMatchObject({ contextWindow: 9, name: 'GPT-4.1 nano' });
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });

  it('asks for the list in packed form and unpacks it', async () => {
    server.answer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify({ data: [{ id: 'new/model', type: 'language' }] })));
    });
    expect((await client().listModels()).map((model) => model.id)).toEqual(['new/model']);
    expect(server.received[0]?.headers['accept-encoding']).toBe('gzip, br');
  });

  it('shows its credential for the list only where somebody asks for it', async () => {
    server.answer((request, response) =>
      (request.headers.authorization === undefined
        ? json(401, { error: { message: 'no', type: 'authentication_error' } })
        : json(200, { data: [{ id: MODEL }] }))(request, response),
    );
    await expect(client().listModels()).resolves.toHaveLength(1);
    expect(server.received).toHaveLength(2);
  });

  it('aborts the list with the caller’s reason', async () => {
    const reason = new Error('enough');
    await expect(client().listModels(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('tells the credits as the gateway wrote them', async () => {
    server.answer(json(200, { balance: '95.50', total_used: '4.50' }));
    await expect(client().credits()).resolves.toEqual({ balance: '95.50', totalUsed: '4.50' });
    server.answer(json(200, { money: 'lots' }));
    await expect(rejectionOf(client().credits())).resolves.toMatchObject({ code: 'malformed-response' });
  });

  it('waits for the record of a generation at growing distances', async () => {
    const clock = fakeClock();
    const id = 'gen_01K0000000000000000000TEST';
    const missing = json(404, { error: 'Usage event not found', id, message: 'Not yet' });
    const there = json(200, {
      data: {
        id,
        created_at: '2026-11-23T00:00:00Z',
        model: MODEL,
        provider_name: 'openai',
        total_cost: 0.5,
        latency: 9,
        native_tokens_prompt: 3,
        odd: 1,
      },
    });
    server.answer(missing);
    const record = client({}, clock).generation(id);
    for (const pause of [1_000, 2_000]) {
      await expect(clock.waitForTimer()).resolves.toBe(pause);
      if (pause === 2_000) server.answer(there);
      await clock.advanceToNext();
    }
    await expect(record).resolves.toEqual({
      id,
      createdAt: '2026-11-23T00:00:00Z',
      model: MODEL,
      providerName: 'openai',
      totalCost: 0.5,
      latencyMs: 9,
      promptTokens: 3,
    });
    expect(server.received.map(({ path }) => path)).toEqual(Array.from({ length: 3 }, () => `/v1/generation?id=${id}`));
  });

  it('gives up on a record that never comes', async () => {
    const clock = fakeClock();
    server.answer(json(404, { error: 'Usage event not found' }));
    const record = rejectionOf(client({}, clock).generation('gen_x', { waitMs: 1_500 }));
    for (const pause of [1_000, 500]) {
      await expect(clock.waitForTimer()).resolves.toBe(pause);
      await clock.advanceToNext();
    }
    await expect(record).resolves.toMatchObject({ code: 'total-timeout', limitMs: 1_500 });
    expect(server.received).toHaveLength(3);
  });

  it('stops waiting for a record when aborted, and leaves no timer', async () => {
    const clock = fakeClock();
    server.answer(json(404, { error: 'Usage event not found' }));
    const abort = new AbortController();
    const record = rejectionOf(client({}, clock).generation('gen_x', { signal: abort.signal }));
    await clock.waitForTimer();
    abort.abort('enough');
    await expect(record).resolves.toBe('enough');
    expect(clock.pending).toBe(0);
  });

  it('refuses what cannot be the id of a generation', async () => {
    for (const id of ['', 'chatcmpl-1', 'gen_a&b=c'])
      await expect(rejectionOf(client().generation(id))).resolves.toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining('generationId'),
      });
    expect(server.received).toHaveLength(0);
  });

  it('fails after close as a closed session does, and closes twice without harm', async () => {
    const used = client();
    await collect(used.generate(MODEL, 'Hi'));
    const unused = client();
    for (const one of [used, unused]) {
      await one.close();
      await one.close();
      await expect(rejectionOf(collect(one.generate(MODEL, 'Hi')))).resolves.toMatchObject({
        code: 'gateway-disposed',
      });
    }
    expect(server.received).toHaveLength(1);
  });
});
