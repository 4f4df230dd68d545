import { describe, expect, it } from '@jest/globals';
import { ask, type Json, post, whole } from './__fixtures__/emulator-client.js';
import type { FaultStep } from './fault.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const CLAUDE = 'anthropic/claude-sonnet-4.5';

async function route(gateway: object, { faults = [], more = {} }: { faults?: FaultStep[]; more?: object } = {}) {
  await using emulator = await startVercelEmulator({ faults });
  const response = await post(emulator, ask('Hi', { model: CLAUDE, providerOptions: { gateway }, ...more }));
  const body = (await response.json()) as Json;
  const record = body['choices']?.[0].message.provider_metadata.gateway ?? body['providerMetadata']?.gateway;
  return { status: response.status, body, record, routing: record?.routing };
}

describe('routing', () => {
  it('records the plan and the attempt in the recorded order', async () => {
    const { routing, record, body } = await route({});
    expect(Object.keys(routing).filter((key) => key !== 'resolvedProviderApiModelId')).toEqual([
      'originalModelId',
      'resolvedProvider',
      'fallbacksAvailable',
      'planningReasoning',
      'canonicalSlug',
      'finalProvider',
      'modelAttemptCount',
      'modelAttempts',
      'totalProviderAttemptCount',
      'affinity',
      'clientSessionId',
      'clientSessionIdSource',
    ]);
    expect(Object.keys(record)).toEqual([
      'routing',
      'cost',
      'marketCost',
      'surchargeCost',
      'gatewayCost',
      'inferenceCost',
      'inputInferenceCost',
      'outputInferenceCost',
      'generationId',
      'emulated',
    ]);
    expect(routing).toMatchObject({
      originalModelId: CLAUDE,
      fallbacksAvailable: ['bedrock', 'vertex'],
      planningReasoning:
        'System credentials planned for: anthropic, bedrock, vertex. Total execution order: anthropic(system) → bedrock(system) → vertex(system)',
      finalProvider: 'anthropic',
      totalProviderAttemptCount: 1,
      clientSessionId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(record.generationId).toBe(body['id']);
  });

  it('prefers by order and keeps the others as fallbacks', async () => {
    const { routing } = await route({ order: ['vertex'] });
    expect([routing.finalProvider, ...routing.fallbacksAvailable]).toEqual(['vertex', 'anthropic', 'bedrock']);
  });

  it('restricts by only, and names the available ones when nothing is left', async () => {
    expect((await route({ only: ['bedrock'], order: ['vertex'] })).routing).toMatchObject({
      finalProvider: 'bedrock',
      fallbacksAvailable: [],
    });
    const { status, body } = await route({ only: ['groq'] });
    expect(status).toBe(400);
    expect(body['error']).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringContaining('anthropic, bedrock, vertex'),
    });
  });

  it('ranks by time to first token and by speed, and shows the figures', async () => {
    const sorted = (await route({ sort: 'ttft' })).routing.sort;
    const times = sorted.executionOrder.map((slug: string) => sorted.metrics[slug]);
    expect(times).toEqual(times.toSorted((left: number, right: number) => left - right));
    const fast = (await route({}, { more: { provider: { sort: 'tps' }, providerOptions: {} } })).routing.sort;
    expect(fast.option).toBe('tps');
    const speeds = fast.executionOrder.map((slug: string) => fast.metrics[slug]);
    expect(speeds).toEqual(speeds.toSorted((left: number, right: number) => right - left));
  });

  it('goes on to the next provider when one fails, and records both', async () => {
    const { routing } = await route({}, { faults: [{ kind: 'provider-failure', status: 429, error: 'slow down' }] });
    expect(routing.finalProvider).toBe('bedrock');
    expect(routing.modelAttempts[0].providerAttempts).toMatchObject([
      { provider: 'anthropic', success: false, statusCode: 429, error: 'slow down' },
      { provider: 'bedrock', success: true, statusCode: 200 },
    ]);
    expect(routing.totalProviderAttemptCount).toBe(2);
  });

  it('goes on to the fallback models when all providers fail, options and all', async () => {
    const faults: FaultStep[] = [
      ['anthropic', 'bedrock', 'vertex'].map((provider) => ({ kind: 'provider-failure' as const, provider })),
    ];
    const { routing, body } = await route({ models: ['openai/gpt-4.1-nano', 'openai/none'] }, { faults });
    expect(routing).toMatchObject({
      originalModelId: CLAUDE,
      canonicalSlug: 'openai/gpt-4.1-nano',
      finalProvider: 'openai',
      modelAttemptCount: 2,
      totalProviderAttemptCount: 4,
    });
    expect(body['model']).toBe(CLAUDE);
    expect(JSON.stringify(body)).toContain("Model 'openai/none' not found");
  });

  it('answers 503 with the record when everything fails, and the status itself when another provider would not help', async () => {
    const all = await route({}, { faults: [{ kind: 'provider-failure', provider: '*' }] });
    expect(all.status).toBe(503);
    expect(all.routing.modelAttempts[0].providerAttempts).toHaveLength(3);
    const final = await route({}, { faults: [{ kind: 'provider-failure', status: 422 }] });
    expect(final.status).toBe(422);
    expect(final.routing.totalProviderAttemptCount).toBe(1);
  });

  it('uses own credentials first and charges nothing for them', async () => {
    const { routing, body, record } = await route({ byok: { bedrock: [{ accessKeyId: 'x' }] }, only: ['bedrock'] });
    expect(routing.planningReasoning).toBe(
      'BYOK credentials planned for: bedrock. System credentials planned for: bedrock. Total execution order: bedrock(byok) → bedrock(system). Skipped: anthropic (not in only), vertex (not in only)',
    );
    expect(routing.modelAttempts[0].providerAttempts[0].credentialType).toBe('byok');
    expect(body['usage']).toMatchObject({ is_byok: true, cost: 0 });
    expect(body['usage'].cost_details.upstream_inference_cost).toBe(body['usage'].market_cost);
    expect(record.cost).toBe('0');
  });

  it('keeps to data rules and regions', async () => {
    expect(
      (await route({ zeroDataRetention: true }, { more: { model: 'spacexai/grok-4.3' } })).body['error'].type,
    ).toBe('no_providers_available');
    const region = (geoRegion: string) => ({ inferenceRegion: { scope: 'zone', geoRegion } });
    expect((await route(region('eu'))).routing.finalProvider).toBe('bedrock');
    expect((await route(region('eu'), { more: { model: 'spacexai/grok-4.3' } })).status).toBe(400);
    expect((await route({ has: ['vision'] }, { more: { model: 'deepseek/deepseek-v3.2' } })).status).toBe(400);
  });

  it('resolves aliases and old creators, and echoes the id that was asked for', async () => {
    await using emulator = await startVercelEmulator({ aliases: { 'acme/best': CLAUDE } });
    for (const [model, slug] of [
      ['xai/grok-4.3', 'spacexai/grok-4.3'],
      ['acme/best', CLAUDE],
    ] as const) {
      const body = await whole(emulator, ask('Hi', { model }));
      expect(body['model']).toBe(model);
      expect(body['choices'][0].message.provider_metadata.gateway.routing).toMatchObject({
        originalModelId: model,
        canonicalSlug: slug,
      });
    }
  });

  it('gives the same session to the same prompt, and an explicit one to an affinity header', async () => {
    await using emulator = await startVercelEmulator();
    const session = async (headers: Record<string, string>) =>
      (await whole(emulator, ask('Hi'), { headers }))['choices'][0].message.provider_metadata.gateway.routing;
    const [first, second, third] = [
      await session({}),
      await session({}),
      await session({ 'x-session-affinity': 's1' }),
    ];
    expect(second.clientSessionId).toBe(first.clientSessionId);
    expect(third).toMatchObject({
      clientSessionIdSource: 'explicit',
      affinity: { outcome: 'confirmed', pinnedProvider: 'openai' },
    });
    expect(third.clientSessionId).not.toBe(first.clientSessionId);
  });
});
