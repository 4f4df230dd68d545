import { type ModelInfo, provenanceOf } from '@headrace/core/plugin';
import { fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { LIVE, rig } from './__fixtures__/catalogue-rig.js';
import { parseLiveModels } from './live-models.js';
import { ModelCatalogue } from './model-catalogue.js';
import { vercelModels } from './vercel-models.js';

const known = (id: string): ModelInfo => {
  const model = vercelModels.find(id);
  if (model === undefined) throw new Error(`${id} is not in the catalogue`);
  return model;
};

const never = new AbortController().signal;

describe('vercelModels', () => {
  it('knows the whole list, each model with where its facts come from', () => {
    const models = vercelModels.list();
    expect(models.length).toBeGreaterThanOrEqual(500);
    expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
    for (const model of models) {
      expect(model).toMatchObject({
        provider: 'vercel',
        provenance: { origin: 'seed', asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
      });
      expect(model.type).not.toBe('');
    }
  });

  it('leaves no placeholder in any fact', () => {
    for (const model of vercelModels.list())
      for (const fact of Object.values(model.parameters)) {
        for (const bound of [fact.min, fact.max]) expect(['number', 'undefined']).toContain(typeof bound);
        if (fact.values !== undefined) expect(Array.isArray(fact.values)).toBe(true);
        if (fact.min !== undefined && fact.max !== undefined) expect(fact.min).toBeLessThanOrEqual(fact.max);
      }
  });

  it('gives context, price and modalities', () => {
    expect(known('openai/gpt-6-luna')).toMatchObject({
      name: 'GPT-6 Luna',
      type: 'language',
      creator: 'openai',
      contextWindow: 1_050_000,
      maxOutputTokens: 128_000,
      pricing: {
        input: 0.1,
        output: 0.5,
        cacheRead: 0.01,
        tiers: [expect.objectContaining({ aboveInputTokens: 272_000 })],
      },
      capabilities: { reasoning: true, toolCall: true },
    });
  });

  it('resolves the parameters by the profile of the family and the model’s own limits', () => {
    expect(known('openai/gpt-4.1-nano').parameters).toMatchObject({
      temperature: { supported: true, default: 1, min: 0, max: 2 },
      maxOutputTokens: { supported: true, max: known('openai/gpt-4.1-nano').maxOutputTokens },
      topK: { supported: false, otherwise: 'reject' },
    });
    expect(known('openai/gpt-6-luna').parameters).toMatchObject({
      temperature: { supported: 'conditional', when: { reasoningEffort: ['none'] } },
      reasoningEffort: {
        supported: true,
        default: 'medium',
        values: ['none', 'low', 'medium', 'high', 'xhigh', 'max'],
      },
    });
    expect(known('google/gemini-2.5-pro').parameters.reasoningBudgetTokens).toEqual({
      supported: true,
      min: 128,
      max: 32_768,
    });
  });

  it('takes a temperature for a model that thinks only when asked, unless thinking is asked for', () => {
    expect(known('anthropic/claude-haiku-4.5').parameters.temperature).toMatchObject({
      supported: 'conditional',
      when: { unset: ['topP', 'reasoningEffort', 'reasoningBudgetTokens'] },
    });
  });

  it('keeps thinking that is on by default apart from thinking on demand', () => {
    const [demand, byDefault] = ['deepseek/deepseek-v3.1', 'deepseek/deepseek-v4-pro'].map(
      (id) => vercelModels.find(id)?.parameters.temperature?.when,
    );
    expect(demand).toEqual({ unset: ['reasoningEffort', 'reasoningBudgetTokens'] });
    expect(byDefault).toEqual({ reasoning: 'off' });
  });

  it('requires nothing of a caller that the gateway fills in', () => {
    expect(
      vercelModels.list().filter((model) => Object.values(model.parameters).some((fact) => fact.required)),
    ).toEqual([]);
  });

  it('has the fallback for models that no profile fits, and no parameters for what is not a language model', () => {
    expect(known('elorian/glimpse').parameters).toMatchObject({
      temperature: { supported: 'unknown' },
      maxOutputTokens: { supported: true },
    });
    expect(known('openai/text-embedding-3-small').parameters).toEqual({});
  });

  it('follows renamed ids and creators', () => {
    expect(vercelModels.find('xai/grok-4.3')?.id).toBe('spacexai/grok-4.3');
    expect(vercelModels.find('google/gemini-3.1-flash-lite-preview')?.id).toBe('google/gemini-3.1-flash-lite');
    expect(vercelModels.explain?.('xai/grok-4.3')).toBe('"xai/grok-4.3" is now called "spacexai/grok-4.3".');
  });

  it('lets a team’s virtual models through, of which no list knows', () => {
    expect(vercelModels.find('vmc/abc')).toMatchObject({
      id: 'vmc/abc',
      type: 'language',
      provenance: { origin: 'host' },
    });
    expect(vercelModels.find('vmc/')).toBeUndefined();
  });

  it.each([
    ['openai/gpt-3.5-turbo', /was retired from Vercel AI Gateway/],
    ['anthropic/claude-opus-4.1', /was retired.*Nearest: "anthropic\//],
    ['gpt-4.1-nano', /creator\/name.*"openai\/gpt-4.1-nano"/],
    ['xai/grok-99', /"xai" is now called "spacexai"/],
  ])('explains %s', (id, text) => {
    expect(vercelModels.find(id)).toBeUndefined();
    expect(vercelModels.explain?.(id)).toMatch(text);
  });

  it('suggests a model once that the seed, the live list and the host all know', () => {
    const id = 'anthropic/claude-haiku-4.5';
    const catalogue = new ModelCatalogue({ provider: 'vercel', hostModels: [{ id }], clock: fakeClock() });
    catalogue.takeLive(parseLiveModels({ data: [{ id, type: 'language' }] }, 0));
    expect(catalogue.explain('claude-haiku-4.5')?.split(`"${id}"`)).toHaveLength(2);
    expect(catalogue.list().filter((model) => model.id === id)).toHaveLength(1);
  });

  it.each(['__proto__', 'constructor', 'openai/constructor', '', '/', 'openai/'])('knows nothing of %j', (id) => {
    expect(vercelModels.find(id)).toBeUndefined();
  });

  it('builds an entry once', () => {
    expect(known('openai/gpt-4.1')).toBe(known('openai/gpt-4.1'));
  });

  it('asks nobody for an unknown name', async () => {
    await expect(vercelModels.lookUp('nobody/nothing', never)).resolves.toBeUndefined();
  });
});

describe('the live list', () => {
  it('wins over the seed field by field, each fact with its origin', () => {
    const { catalogue } = rig();
    // Read before: an entry that was built must not outlive its facts.
    expect(catalogue.find('openai/gpt-4.1-nano')?.name).toBe('GPT-4.1 nano');
    catalogue.takeLive(LIVE);
    const model = catalogue.find('openai/gpt-4.1-nano');
    expect(model).toMatchObject({
      provider: 'v2',
      name: 'Nano, renamed',
      contextWindow: 2_000_000,
      maxOutputTokens: 1000,
      status: 'deprecated',
      family: expect.any(String),
      pricing: { input: 0.2, output: 0.8, tiers: [{ aboveInputTokens: 200_000, input: 0.4, output: 0.8 }] },
      parameters: { maxOutputTokens: { max: 1000 }, temperature: { supported: false } },
    });
    if (model === undefined) return;
    expect(provenanceOf(model, 'contextWindow')).toEqual({ origin: 'live', asOf: '2026-01-01' });
    expect(provenanceOf(model, 'family').origin).toBe('seed');
  });

  it('brings new models, of types nobody foresaw too', () => {
    const { catalogue } = rig();
    catalogue.takeLive(LIVE);
    expect(catalogue.find('new/model-1')).toMatchObject({
      type: 'language',
      provenance: { origin: 'live' },
      capabilities: { reasoning: true, toolCall: true, attachment: true },
      parameters: { reasoningEffort: { supported: true, values: ['low', 'high'] } },
    });
    expect(catalogue.find('new/speech')).toMatchObject({ type: 'holography' });
    expect(catalogue.find('new/speech')?.contextWindow).toBeUndefined();
    expect(catalogue.find('typesafe-ai/jev')?.type).toBe('decision');
    expect(catalogue.listLive().map(({ id }) => id)).toEqual([
      'new/model-1',
      'new/speech',
      'openai/gpt-4.1-nano',
      'typesafe-ai/jev',
    ]);
  });

  it('takes nothing away from models that it lacks', () => {
    const { catalogue } = rig();
    const before = catalogue.find('openai/o3');
    catalogue.takeLive(LIVE);
    expect(catalogue.find('openai/o3')).toEqual(before);
  });

  it('is refused when it is no list', () => {
    for (const json of [null, [], {}, { data: 'x' }]) expect(() => parseLiveModels(json, 0)).toThrow(/not a list/);
  });
});

describe('facts of the host', () => {
  it('win over everything, and may name models that nobody else knows', () => {
    const { catalogue } = rig([
      {
        id: 'openai/gpt-4.1-nano',
        contextWindow: 7,
        capabilities: { toolCall: false },
        parameters: { temperature: { supported: true, max: 1 } },
      },
      { id: 'own/model', pricing: { input: 1 } },
    ]);
    catalogue.takeLive(LIVE);
    const model = catalogue.find('openai/gpt-4.1-nano');
    expect(model).toMatchObject({
      contextWindow: 7,
      capabilities: { toolCall: false, attachment: true },
      parameters: { temperature: { supported: true, max: 1 }, topP: { supported: true } },
    });
    if (model !== undefined) expect(provenanceOf(model, 'contextWindow').origin).toBe('host');
    expect(catalogue.find('own/model')).toMatchObject({
      type: 'language',
      provenance: { origin: 'host' },
      pricing: { input: 1 },
    });
  });
});
