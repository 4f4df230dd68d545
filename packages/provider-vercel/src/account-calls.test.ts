import { fakeClock, rejectionOf, reply, startUpstream, type Upstream } from '@headrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { VercelClient } from './vercel-client.js';
import type { VercelOptions } from './vercel-options.js';

const KEY = canaryKey();

let clients: VercelClient[] = [];

const clientOf = (upstream: Upstream, options: VercelOptions = {}): VercelClient => {
  const made = new VercelClient(
    { baseUrl: `${upstream.url}/v1`, apiKey: KEY, env: {}, catalogue: { refresh: false }, ...options },
    fakeClock(),
  );
  clients.push(made);
  return made;
};

beforeEach(() => {
  clients = [];
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
});

describe('VercelClient.report', () => {
  const days = { startDate: '2026-11-01', endDate: '2026-11-30' };

  it('asks for what is wanted, in the words of the route', async () => {
    await using upstream = await startUpstream(reply(200, { results: [] }));
    await expect(
      clientOf(upstream).report({
        ...days,
        groupBy: 'day',
        datePart: 'hour',
        userId: 'u 1',
        model: 'openai/gpt-6-luna',
        provider: 'openai',
        credentialType: 'byok',
        zeroDataRetention: false,
        tags: ['a', 'b&c'],
        tagsMatch: 'all',
      }),
    ).resolves.toEqual([]);
    const [sent] = upstream.requests;
    const url = new URL(sent?.path ?? '', upstream.url);
    expect([sent?.method, url.pathname, sent?.headers['authorization']]).toEqual([
      'GET',
      '/v1/report',
      `Bearer ${KEY}`,
    ]);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      start_date: '2026-11-01',
      end_date: '2026-11-30',
      group_by: 'day',
      date_part: 'hour',
      user_id: 'u 1',
      model: 'openai/gpt-6-luna',
      provider: 'openai',
      credential_type: 'byok',
      zero_data_retention: 'false',
      tags: 'a,b&c',
      tags_match: 'all',
    });
  });

  it('gives the rows, whatever they are by', async () => {
    const row = {
      model: 'openai/gpt-6-luna',
      total_cost: 1.5,
      market_cost: 2,
      surcharge_cost: 0,
      gateway_cost: 0.1,
      input_tokens: 10,
      output_tokens: 20,
      cached_input_tokens: 1,
      cache_creation_input_tokens: 2,
      reasoning_tokens: 3,
      request_count: 4,
      new_member: 'unknown',
    };
    const others = [
      { hour: '2026-11-01T05:00:00Z', total_cost: 0 },
      { user: null, total_cost: '0.25' },
      { credential_type: 'byok', total_cost: 1 },
      { zero_data_retention: 'true', total_cost: 1 },
      { api_key_name: 'nightly', total_cost: 1 },
    ];
    await using upstream = await startUpstream(reply(200, { results: [row, ...others] }));
    await expect(clientOf(upstream).report(days)).resolves.toEqual([
      {
        model: 'openai/gpt-6-luna',
        totalCost: 1.5,
        marketCost: 2,
        surchargeCost: 0,
        gatewayCost: 0.1,
        inputTokens: 10,
        outputTokens: 20,
        cachedInputTokens: 1,
        cacheCreationInputTokens: 2,
        reasoningTokens: 3,
        requestCount: 4,
      },
      { hour: '2026-11-01T05:00:00Z', totalCost: 0 },
      { totalCost: 0.25 },
      { credentialType: 'byok', totalCost: 1 },
      { zeroDataRetention: true, totalCost: 1 },
      { apiKeyName: 'nightly', totalCost: 1 },
    ]);
  });

  it.each([
    [{ startDate: '2026-11-31', endDate: '2026-12-01' }, 'startDate: must be a day'],
    [{ startDate: '1.11.2026', endDate: '2026-12-01' }, 'startDate: must be a day'],
    [{ startDate: '2026-12-01', endDate: '2026-11-01' }, 'endDate: lies before'],
    [{ ...days, groupBy: 'model', datePart: 'hour' }, 'datePart: needs rows by day'],
    [{ ...days, groupBy: 'models' }, 'groupBy'],
    [{ ...days, tagsMatch: 'any' }, 'tagsMatch: needs `tags`'],
    [{ ...days, tags: ['a,b'] }, 'must hold no comma'],
    [{ ...days, startdate: 'x' }, 'Did you mean "startDate"?'],
    [{ startDate: '2026-11-01' }, 'endDate'],
  ])('refuses %j before anything is sent', async (options, words) => {
    await using upstream = await startUpstream();
    const error = await rejectionOf(clientOf(upstream).report(options as never));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining(words) });
    expect(upstream.requests).toHaveLength(0);
  });

  it('says that the plan does not have it, and what is not as documented', async () => {
    await using upstream = await startUpstream(
      reply(403, { error: { message: 'Upgrade your plan', type: 'forbidden' } }),
      reply(200, { results: [{ total_cost: 'much' }] }),
    );
    const client = clientOf(upstream);
    expect(await rejectionOf(client.report(days))).toMatchObject({ code: 'forbidden' });
    expect(await rejectionOf(client.report(days))).toMatchObject({
      code: 'malformed-response',
      message: expect.stringContaining('results.0.total_cost'),
    });
  });

  it('ends with the reason of its signal', async () => {
    await using upstream = await startUpstream();
    const signal = AbortSignal.abort('enough');
    expect(await rejectionOf(clientOf(upstream).report({ ...days, signal }))).toBe('enough');
  });
});

describe('VercelClient.endpoints', () => {
  const full = {
    data: {
      id: 'openai/gpt-5',
      name: 'GPT-5',
      created: 0,
      released: 1754438400,
      description: 'A model',
      architecture: {
        tokenizer: null,
        instruct_type: null,
        modality: 'text+image→text',
        input_modalities: ['text', 'image'],
        output_modalities: ['text'],
      },
      reasoning: { mandatory: true, supports_max_tokens: false },
      endpoints: [
        {
          name: 'openai | openai/gpt-5',
          model_name: 'GPT-5',
          provider_name: 'openai',
          context_length: 400000,
          max_completion_tokens: 128000,
          max_prompt_tokens: null,
          quantization: null,
          pricing: { prompt: '0.00000125', completion: '0.00001', request: '0', discount: 0 },
          supported_parameters: ['max_tokens', 'tools'],
          tags: [],
          status: 0,
          supports_implicit_caching: true,
          uptime_last_15m: 100,
          uptime_last_1h: 100,
          uptime_last_1d: 99.9,
          latency_last_1h: { p50: 900, p95: 2100 },
          throughput_last_1h: { p50: 70, p95: 110 },
          inference_regions: ['eu'],
        },
      ],
    },
  };

  it('tells who serves a model, without showing a credential', async () => {
    await using upstream = await startUpstream(reply(200, full));
    await expect(clientOf(upstream).endpoints('openai/gpt-5')).resolves.toEqual({
      id: 'openai/gpt-5',
      name: 'GPT-5',
      description: 'A model',
      released: 1754438400,
      inputModalities: ['text', 'image'],
      outputModalities: ['text'],
      reasoning: { mandatory: true, supportsMaxTokens: false },
      endpoints: [
        {
          name: 'openai | openai/gpt-5',
          providerName: 'openai',
          modelName: 'GPT-5',
          contextLength: 400000,
          maxCompletionTokens: 128000,
          pricing: { prompt: '0.00000125', completion: '0.00001', request: '0', discount: '0' },
          supportedParameters: ['max_tokens', 'tools'],
          tags: [],
          status: 0,
          supportsImplicitCaching: true,
          uptime: { last15m: 100, last1h: 100, last1d: 99.9 },
          latencyMs: { p50: 900, p95: 2100 },
          throughput: { p50: 70, p95: 110 },
          inferenceRegions: ['eu'],
        },
      ],
    });
    expect(upstream.requests[0]).toMatchObject({ method: 'GET', path: '/v1/models/openai/gpt-5/endpoints' });
    expect(upstream.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('takes what is missing and what is new', async () => {
    const sparse = {
      id: 'a/b',
      novelty: 1,
      endpoints: [
        { name: 'x', provider_name: 'newcomer', pricing: { tiers: [{ cost: '1' }] }, status: -7, beta: true },
      ],
    };
    await using upstream = await startUpstream(reply(200, { data: sparse }));
    await expect(clientOf(upstream).endpoints('a/b')).resolves.toEqual({
      id: 'a/b',
      inputModalities: [],
      outputModalities: [],
      endpoints: [
        {
          name: 'x',
          providerName: 'newcomer',
          pricing: {},
          supportedParameters: [],
          tags: [],
          status: -7,
          uptime: {},
          inferenceRegions: [],
        },
      ],
    });
  });

  it('shows the credential to whom asks for one, and follows a name that has changed', async () => {
    await using upstream = await startUpstream(
      reply(401, { error: { message: 'who are you', type: 'authentication_error' } }),
      reply(200, full),
    );
    await clientOf(upstream).endpoints('xai/grok-4.3');
    expect(upstream.requests.map(({ path }) => path)).toEqual(
      Array.from({ length: 2 }, () => '/v1/models/spacexai/grok-4.3/endpoints'),
    );
    expect(upstream.requests[1]?.headers).toMatchObject({ authorization: `Bearer ${KEY}` });
  });

  it('sends nothing for what cannot be an id, and lets no id leave its place in the path', async () => {
    await using upstream = await startUpstream(reply(404, { error: { message: 'no', type: 'model_not_found' } }));
    const client = clientOf(upstream);
    for (const id of ['gpt-5', '', 'a/b/c', '../b', 'a/'])
      expect(await rejectionOf(client.endpoints(id))).toMatchObject({ code: 'invalid-request' });
    expect(await rejectionOf(client.endpoints('a/b?x#y z'))).toMatchObject({ code: 'model-not-found' });
    expect(upstream.requests.map(({ path }) => path)).toEqual(['/v1/models/a/b%3Fx%23y%20z/endpoints']);
  });
});

describe('VercelClient.credits', () => {
  it('keeps the decimal text that the gateway gives', async () => {
    await using upstream = await startUpstream(reply(200, { balance: '95.50', total_used: '4.50' }));
    await expect(clientOf(upstream).credits()).resolves.toEqual({ balance: '95.50', totalUsed: '4.50' });
  });
});

describe('VercelClient.generation', () => {
  it('has every figure that is documented', async () => {
    const data = {
      id: 'gen_1',
      created_at: '2026-11-30T00:00:00.000Z',
      model: 'openai/gpt-6-luna',
      provider_name: 'openai',
      finish_reason: 'stop',
      total_cost: 0.5,
      usage: 0.5,
      upstream_inference_cost: 0,
      is_byok: false,
      streamed: true,
      latency: 300,
      generation_time: 900,
      tokens_prompt: 9,
      tokens_completion: 8,
      native_tokens_prompt: 10,
      native_tokens_completion: 20,
      native_tokens_reasoning: 3,
      native_tokens_cached: 4,
      native_tokens_cache_creation: 5,
      billable_web_search_calls: 6,
    };
    await using upstream = await startUpstream(reply(200, { data }));
    await expect(clientOf(upstream).generation('gen_1')).resolves.toEqual({
      id: 'gen_1',
      createdAt: '2026-11-30T00:00:00.000Z',
      model: 'openai/gpt-6-luna',
      providerName: 'openai',
      finishReason: 'stop',
      totalCost: 0.5,
      upstreamInferenceCost: 0,
      isByok: false,
      streamed: true,
      latencyMs: 300,
      generationTimeMs: 900,
      promptTokens: 10,
      completionTokens: 20,
      reasoningTokens: 3,
      cachedTokens: 4,
      cacheCreationTokens: 5,
      webSearchCalls: 6,
    });
  });
});
