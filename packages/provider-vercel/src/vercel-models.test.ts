import { type ModelInfo, provenanceOf } from '@headrace/core/plugin';
import { type FakeClock, fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import type { HostModel } from './host-model.js';
import { type LiveModel, parseLiveModels } from './live-models.js';
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

const LIVE = parseLiveModels(
  {
    data: [
      {
        id: 'openai/gpt-4.1-nano',
        type: 'language',
        name: 'Nano, renamed',
        owned_by: 'openai',
        context_window: 2_000_000,
        max_tokens: 1000,
        released: 1_744_588_800,
        temperature: false,
        pricing: {
          input: '0.0000002',
          output: '0.0000008',
          input_tiers: [
            { cost: '0.0000002', min: 0, max: 200_001 },
            { cost: '0.0000004', min: 200_001 },
          ],
        },
        deprecated_at: 1,
      },
      {
        id: 'new/model-1',
        type: 'language',
        context_window: 5000,
        tags: ['tool-use', 'vision'],
        pricing: {},
        reasoning_options: [{ type: 'effort', values: ['low', 'high'] }],
      },
      { id: 'typesafe-ai/jev', type: 'evaluation' },
      { id: 'new/speech', type: 'holography', context_window: 0, pricing: { input: 5 } },
      { name: 'no id' },
      null,
    ],
  },
  Date.UTC(2026, 0, 1),
);

interface Rig {
  readonly catalogue: ModelCatalogue;
  readonly clock: FakeClock;
  readonly fetches: {
    readonly signal: AbortSignal;
    resolve(models: readonly LiveModel[]): void;
    reject(error: unknown): void;
  }[];
}

const rig = (hostModels: readonly HostModel[] = [], maxAgeMs = 3_600_000): Rig => {
  const clock = fakeClock();
  const fetches: Rig['fetches'][number][] = [];
  const fetch = (signal: AbortSignal): Promise<readonly LiveModel[]> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      fetches.push({ signal, resolve, reject });
    });
  return {
    clock,
    fetches,
    catalogue: new ModelCatalogue({ provider: 'v2', hostModels, clock, refresh: { maxAgeMs, fetch } }),
  };
};

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

describe('the refresh', () => {
  it('does not begin in the first minute, then begins with a read, once', async () => {
    const { catalogue, clock, fetches } = rig();
    await clock.advance(59_999);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(0);
    await clock.advance(1);
    catalogue.find('openai/o3');
    catalogue.list();
    expect(fetches).toHaveLength(1);
    fetches[0]?.resolve(LIVE);
    await clock.advance(0);
    expect(catalogue.find('new/model-1')).toBeDefined();
    expect(clock.pending).toBe(0);
  });

  it('begins again when the facts are older than allowed', async () => {
    const { catalogue, clock, fetches } = rig([], 600_000);
    catalogue.takeLive(LIVE);
    await clock.advance(599_999);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(0);
    await clock.advance(1);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(1);
    fetches[0]?.resolve([]);
  });

  it('leaves upstream alone for five minutes after a failure, which nobody hears of', async () => {
    const { catalogue, clock, fetches } = rig();
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    fetches[0]?.reject(new Error('down'));
    await clock.advance(299_999);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(1);
    await clock.advance(1);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(2);
    fetches[1]?.resolve(LIVE);
  });

  it('is given up after five seconds', async () => {
    const { catalogue, clock, fetches } = rig();
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    await clock.advance(5_000);
    expect(fetches[0]?.signal.aborted).toBe(true);
  });

  it('is stopped by close, after which none begins', async () => {
    const { catalogue, clock, fetches } = rig();
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    catalogue.close();
    catalogue.close();
    expect(fetches[0]?.signal.aborted).toBe(true);
    await clock.advance(3_600_000);
    expect(catalogue.find('openai/o3')).toBeDefined();
    await expect(catalogue.lookUp('nobody/nothing', never)).resolves.toBeUndefined();
    expect(fetches).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});

describe('a look-up', () => {
  it('answers known names without asking', async () => {
    const { catalogue, fetches } = rig();
    await expect(catalogue.lookUp('openai/o3', never)).resolves.toMatchObject({ id: 'openai/o3' });
    expect(fetches).toHaveLength(0);
  });

  it('asks once for an unknown name, for all who wait, and again only a minute later', async () => {
    const { catalogue, clock, fetches } = rig();
    const found = [catalogue.lookUp('new/model-1', never), catalogue.lookUp('new/none', never)];
    expect(fetches).toHaveLength(1);
    fetches[0]?.resolve(LIVE);
    await expect(Promise.all(found)).resolves.toEqual([expect.objectContaining({ id: 'new/model-1' }), undefined]);
    await clock.advance(59_999);
    await expect(catalogue.lookUp('new/none', never)).resolves.toBeUndefined();
    expect(fetches).toHaveLength(1);
    await clock.advance(1);
    const again = catalogue.lookUp('new/none', never);
    expect(fetches).toHaveLength(2);
    fetches[1]?.reject(new Error('down'));
    await expect(again).resolves.toBeUndefined();
  });

  it('ends after five seconds without an answer', async () => {
    const { catalogue, clock } = rig();
    const found = catalogue.lookUp('new/none', never);
    await clock.advance(5_000);
    await expect(found).resolves.toBeUndefined();
  });

  it('is left at once by who aborts, with the reason untouched, and goes on for others', async () => {
    const { catalogue, fetches } = rig();
    const abort = new AbortController();
    const reason = { why: 'gone' };
    const left = catalogue.lookUp('new/model-1', abort.signal);
    const stayed = catalogue.lookUp('new/model-1', never);
    abort.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(fetches[0]?.signal.aborted).toBe(false);
    fetches[0]?.resolve(LIVE);
    await expect(stayed).resolves.toMatchObject({ id: 'new/model-1' });
    await expect(catalogue.lookUp('x/y', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
