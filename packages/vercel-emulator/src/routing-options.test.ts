import { describe, expect, it } from '@jest/globals';
import { ask, get, type Json, post } from './__fixtures__/emulator-client.js';
import type { FaultStep } from './fault.js';
import type { ProviderHealth } from './provider-health.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const CLAUDE = 'anthropic/claude-sonnet-4.5';
const OPUS = 'anthropic/claude-opus-5';

async function route(model: string, gateway: object, faults: FaultStep[] = []) {
  await using emulator = await startVercelEmulator({ faults });
  const response = await post(emulator, ask('Hi', { model, providerOptions: { gateway } }));
  const body = (await response.json()) as Json;
  const record = body['choices']?.[0].message.provider_metadata.gateway;
  return { status: response.status, error: body['error'], usage: body['usage'], record, routing: record?.routing };
}

/** What a model costs that is asked for by its own id, from the list of models. */
async function listCost(model: string, usage: Json): Promise<number> {
  await using emulator = await startVercelEmulator();
  const { pricing } = (await (await get(emulator, `/v1/models/${model}`)).json()) as Json;
  return usage['prompt_tokens'] * Number(pricing.input) + usage['completion_tokens'] * Number(pricing.output);
}

describe('providers that are ruled out', () => {
  it('are named with the option that did it, after the recorded form of the plan', async () => {
    const { routing } = await route('deepseek/deepseek-v3.2', {
      only: ['deepseek', 'novita', 'fireworks'],
      zeroDataRetention: true,
    });
    expect(routing.planningReasoning).toBe(
      'System credentials planned for: fireworks, novita. Total execution order: fireworks(system) → novita(system). Skipped: baseten (not in only), deepseek (keeps data)',
    );
    expect(routing.fallbacksAvailable).toEqual(['novita']);
  });

  it('say so of training and of regions, too, and nothing is said when nobody is', async () => {
    const training = await route('deepseek/deepseek-v3.2', { disallowPromptTraining: true });
    expect(training.routing.planningReasoning).toMatch(/Skipped: deepseek \(may train on prompts\)$/);
    const zone = await route(CLAUDE, { inferenceRegion: { scope: 'zone', geoRegion: 'eu' } });
    expect(zone.routing.planningReasoning).toMatch(/Skipped: anthropic \(no inference in eu\)$/);
    expect((await route(CLAUDE, {})).routing.planningReasoning).not.toContain('Skipped');
  });
});

describe('providers that are not well', () => {
  const ill = async (providerHealth: ProviderHealth, gateway: object) => {
    await using emulator = await startVercelEmulator({ providerHealth });
    const response = await post(emulator, ask('Hi', { model: CLAUDE, providerOptions: { gateway } }));
    const body = (await response.json()) as Json;
    const metadata = body['choices']?.[0].message.provider_metadata ?? body['providerMetadata'];
    return { status: response.status, routing: metadata.gateway.routing };
  };

  it('are asked after the others, whatever is preferred, and the sort tells which', async () => {
    const { routing } = await ill({ anthropic: 'down', vertex: 'degraded' }, { order: ['anthropic'], sort: 'cost' });
    expect(routing.sort).toMatchObject({
      executionOrder: ['bedrock', 'vertex', 'anthropic'],
      deprioritizedProviders: ['vertex', 'anthropic'],
    });
  });

  it('and are down fail, one after the other, until nobody is left', async () => {
    const down = await ill({ bedrock: 'down' }, { only: ['bedrock'] });
    expect(down.status).toBe(503);
    expect(down.routing.modelAttempts[0].providerAttempts).toMatchObject([
      { provider: 'bedrock', success: false, statusCode: 503, error: 'Provider is down' },
    ]);
    expect((await ill({ bedrock: 'degraded' }, { only: ['bedrock'] })).status).toBe(200);
  });

  it('are refused at the start in a state that does not exist', async () => {
    const providerHealth = { openai: 'tired' } as unknown as ProviderHealth;
    await expect(startVercelEmulator({ providerHealth })).rejects.toThrow(/"tired" for 'openai'.*degraded and down/);
  });
});

describe('inferenceRegion', () => {
  it('of a zone is shown by the attempt that was made there', async () => {
    const { routing } = await route(CLAUDE, { inferenceRegion: { scope: 'zone', geoRegion: 'eu' } });
    expect(routing.modelAttempts[0].providerAttempts[0].inferenceEndpoint).toEqual({
      slug: 'bedrock-eu',
      scope: 'zone',
      geoRegion: 'eu',
    });
    const anywhere = await route(CLAUDE, { inferenceRegion: { scope: 'global' } });
    expect(anywhere.routing.modelAttempts[0].providerAttempts[0]).not.toHaveProperty('inferenceEndpoint');
  });
});

describe('fast mode', () => {
  it('serves the fast entry at its own price, and says so', async () => {
    const fast = await route(OPUS, { speed: 'fast' });
    expect(fast.routing).toMatchObject({ originalModelId: OPUS, canonicalSlug: `${OPUS}-fast`, speed: 'fast' });
    const byId = await route(`${OPUS}-fast`, {});
    expect(fast.usage).toEqual(byId.usage);
    expect(fast.usage.cost).toBeCloseTo(await listCost(`${OPUS}-fast`, fast.usage), 12);
    const normal = await route(OPUS, {});
    expect(fast.usage.cost).toBeGreaterThan(normal.usage.cost);
    expect(normal.routing).not.toHaveProperty('speed');
  });

  it('that a model does not have is its normal speed, or 400 when that is not allowed', async () => {
    const slow = await route(CLAUDE, { speed: 'fast' });
    expect(slow.routing).toMatchObject({ canonicalSlug: CLAUDE });
    expect(slow.routing).not.toHaveProperty('speed');
    const refused = await route(CLAUDE, { speed: 'fast', allowFallbackFromFast: false });
    expect(refused).toMatchObject({ status: 400, error: { type: 'invalid_request_error', param: 'providerOptions' } });
    expect((await route(CLAUDE, { speed: 'slow' })).status).toBe(400);
  });
});

describe('own keys and their time-outs', () => {
  const byok = { anthropic: [{ apiKey: 'own' }] };

  it('are tried before those of the gateway, and a time-out is shown with its limit', async () => {
    const faults: FaultStep[] = [{ kind: 'provider-failure', status: 408 }];
    const { routing } = await route(CLAUDE, { byok, providerTimeouts: { byok: { anthropic: 15_000 } } }, faults);
    expect(routing.modelAttempts[0].providerAttempts).toMatchObject([
      {
        provider: 'anthropic',
        credentialType: 'byok',
        success: false,
        error: 'PROVIDER_TIMEOUT',
        providerTimeout: true,
        configuredTimeoutMs: 15_000,
      },
      { provider: 'anthropic', credentialType: 'system', success: true },
    ]);
  });

  it('have no limit where none was set, and none for the keys of the gateway', async () => {
    const faults: FaultStep[] = [{ kind: 'provider-failure', status: 408 }];
    const { routing } = await route(CLAUDE, { providerTimeouts: { byok: { anthropic: 15_000 } } }, faults);
    const [failed] = routing.modelAttempts[0].providerAttempts;
    expect(failed).toMatchObject({ credentialType: 'system', error: 'PROVIDER_TIMEOUT' });
    expect(failed).not.toHaveProperty('configuredTimeoutMs');
  });

  it.each([999, 789_001, 1_000.5])('are 400 with a time-out of %d ms', async (anthropic) => {
    expect(await route(CLAUDE, { providerTimeouts: { byok: { anthropic } } })).toMatchObject({
      status: 400,
      error: { param: 'providerOptions' },
    });
  });
});
