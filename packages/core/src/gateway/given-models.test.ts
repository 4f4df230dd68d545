import { embeddingResult, end, fakeClock, rejectionOf, scriptedProvider, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  BudgetExhaustedError,
  ConfigurationError,
  createGateway,
  type GatewayOptions,
  type ModelFacts,
} from '../index.js';
import type { ModelInfo, ProviderModule } from '../plugin.js';

const usage = { input: 1_000, output: 100 };
const said = (id: string, facts: Partial<ModelInfo> = {}, script = [[text('Hello'), end({ usage })]]) =>
  scriptedProvider(script, { id, repeatLast: true, models: [{ id: 'm', ...facts }] });

/** A provider that says nothing of its models. */
const silent = (id: string) => scriptedProvider([[text('Hello'), end({ usage })]], { id, repeatLast: true });

type Given = Readonly<Record<string, ModelFacts>>;

const withFacts = (providers: readonly ProviderModule[], models: Given, more: Partial<GatewayOptions> = {}) =>
  createGateway({ providers, models, clock: fakeClock(), ...more });

const call = { prompt: 'Hi', maxOutputTokens: 100 } as const;

describe('facts that a host gives about models', () => {
  it('are what a call costs by, with their origin, and what models() shows', async () => {
    await using gateway = withFacts([said('a', { pricing: { input: 1, output: 1 }, name: 'M' })], {
      'a:m': { pricing: { input: 10, output: 100 } },
    });
    const { cost } = await gateway.complete({ model: 'a:m', ...call });
    // 1,000 at $10 and 100 at $100 a million.
    expect(cost).toMatchObject({ usdText: '0.02', source: 'catalogue', priceProvenance: { origin: 'host' } });
    const [model] = await gateway.models();
    expect(model).toMatchObject({ name: 'M', pricing: { input: 10 }, factProvenance: { pricing: { origin: 'host' } } });
    const [live] = await gateway.models({ refresh: true });
    expect(live?.pricing).toEqual({ input: 10, output: 100 });
  });

  it('decide which target is the cheapest', async () => {
    const providers = [
      said('a', { pricing: { input: 1, output: 1 } }),
      said('b', { pricing: { input: 2, output: 2 } }),
    ];
    const routes = { chat: { targets: ['a:m', 'b:m'], strategy: 'cheapest' } } as const;
    const served = async (models: Given) => {
      await using gateway = withFacts(providers, models, { routes });
      return (await gateway.complete({ model: 'chat', ...call })).provider;
    };
    expect(await served({})).toBe('a');
    expect(await served({ 'a:m': { pricing: { input: 3, output: 3 } } })).toBe('b');
  });

  it('are what a budget reserves by', async () => {
    const limits = { gateway: { budget: { usd: 0.01, per: 'day' } } } as const;
    const asked = async (models: Given) => {
      await using gateway = withFacts([said('a', { pricing: { input: 1, output: 1 } })], models, { limits });
      return await gateway.complete({ model: 'a:m', ...call });
    };
    expect((await asked({})).text).toBe('Hello');
    expect(await rejectionOf(asked({ 'a:m': { pricing: { input: 1, output: 1_000 } } }))).toBeInstanceOf(
      BudgetExhaustedError,
    );
  });

  it('are what a request must fit, input that was said to be larger included', async () => {
    const facts = { contextWindow: 100_000, maxInputTokens: 90_000 };
    await using gateway = withFacts([said('a', facts)], { 'a:m': { contextWindow: 50, maxOutputTokens: 20 } });
    const plan = await gateway.explain({ model: 'a:m', prompt: 'word '.repeat(500) });
    expect(plan).toMatchObject({ servable: false, skipped: [{ reason: expect.stringContaining('takes 50') }] });
    const [model] = await gateway.models();
    expect(model).toMatchObject({ contextWindow: 50, maxInputTokens: 50, maxOutputTokens: 20 });
  });

  it('bound the parameter that stands for the same fact, and what is sent unasked', async () => {
    const parameters = { maxOutputTokens: { supported: true, required: true, max: 4_000 } } as const;
    const provider = said('a', { maxOutputTokens: 4_000, parameters });
    await using gateway = withFacts([provider], { 'a:m': { maxOutputTokens: 10 } });
    await gateway.complete({ model: 'a:m', prompt: 'Hi' });
    expect(provider.calls[0]?.request).toMatchObject({ parameters: { maxOutputTokens: 10 } });
    expect(await rejectionOf(gateway.complete({ model: 'a:m', ...call }))).toMatchObject({
      issues: [{ field: 'maxOutputTokens' }],
    });
  });

  it('change single capabilities and leave the others', async () => {
    const capabilities = { toolCall: true, reasoning: true };
    await using gateway = withFacts([said('a', { capabilities, modalities: { input: ['text'], output: ['text'] } })], {
      'a:m': { capabilities: { toolCall: false }, modalities: { input: ['text', 'image'] } },
    });
    expect(await gateway.models()).toMatchObject([
      {
        capabilities: { toolCall: false, reasoning: true },
        modalities: { input: ['text', 'image'], output: ['text'] },
      },
    ]);
    const tools = [{ name: 't', parameters: { type: 'object' } }] as const;
    expect(await rejectionOf(gateway.complete({ model: 'a:m', ...call, tools }))).toMatchObject({
      message: expect.stringContaining('does not call tools'),
    });
  });

  it('are all that is known of a model of a provider that says nothing, whose other models stay open', async () => {
    await using gateway = withFacts([silent('a')], { 'a:m': { pricing: { input: 10, output: 100 } } });
    const priced = await gateway.complete({ model: 'a:m', ...call });
    expect(priced.cost).toMatchObject({ usdText: '0.02', priceProvenance: { origin: 'host' } });
    expect((await gateway.complete({ model: 'a:other', ...call })).cost).toBeUndefined();
  });

  it('say of what type a model is where nobody else does', async () => {
    const dims = [[end({ result: embeddingResult([1, 2]) })]];
    const provider = scriptedProvider(dims, { id: 'a', kinds: ['embedding'], repeatLast: true });
    await using gateway = withFacts([provider], { 'a:m': { type: 'embedding', pricing: { input: 1 } } });
    expect((await gateway.embed({ model: 'a:m', input: 'x' })).embeddings).toHaveLength(1);
    await using other = withFacts([provider], { 'a:m': { pricing: { input: 1 } } });
    expect(await rejectionOf(other.embed({ model: 'a:m', input: 'x' }))).toMatchObject({
      message: expect.stringContaining('type "language"'),
    });
  });

  it('go by bare names where there is a default provider, and are those of the next options after a reload', async () => {
    const providers = [said('a', { pricing: { input: 1, output: 1 } })];
    await using gateway = withFacts(
      providers,
      { m: { pricing: { input: 10, output: 100 } } },
      { defaultProvider: 'a' },
    );
    expect((await gateway.complete({ model: 'm', ...call })).cost?.usdText).toBe('0.02');
    gateway.reload({ providers, defaultProvider: 'a', models: { m: { pricing: { input: 20, output: 200 } } } });
    expect((await gateway.complete({ model: 'a:m', ...call })).cost?.usdText).toBe('0.04');
    gateway.reload({ providers, defaultProvider: 'a' });
    expect((await gateway.complete({ model: 'a:m', ...call })).cost?.usdText).toBe('0.0011');
  });

  it.each<[Readonly<Record<string, unknown>>, RegExp]>([
    [{ 'a:n': {} }, /models\["a:n"\]: The provider "a" has no model "n"/],
    [{ 'b:m': {} }, /models\["b:m"\]: The provider "a" has no model "b:m"\. If "b" was to name a provider: it is "a"/],
    [{ 'a:m': {}, m: {} }, /models\["m"\]: names "a:m", which another entry names too/],
    [{ 'a:m': { price: 1 } }, /models\.a:m\.price: is not a known field/],
    [{ 'a:m': { pricing: { input: -1 } } }, /models\.a:m\.pricing\.input: Too small/],
    [{ 'a:m': { contextWindow: 0.5 } }, /models\.a:m\.contextWindow/],
  ])('are refused before anything is sent: %j', (models, message) => {
    const create = () => withFacts([said('a')], models as Given, { defaultProvider: 'a' });
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(message);
  });
});
