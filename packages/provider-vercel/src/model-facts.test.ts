import type { ModelInfo } from '@headrace/core/plugin';
import { fakeClock } from '@headrace/testing';
import { readData } from '@headrace/wire/provider';
import { describe, expect, it } from '@jest/globals';
import { parseLiveModels } from './live-models.js';
import { ModelCatalogue } from './model-catalogue.js';
import { shippedFile } from './shipped-data.js';
import { vercelModels } from './vercel-models.js';

const withLive = (entries: readonly object[], epochMs = Date.UTC(2026, 10, 24)) => {
  const clock = Object.assign(fakeClock(), { epochMs: () => epochMs });
  const catalogue = new ModelCatalogue({ provider: 'vercel', hostModels: [], clock });
  catalogue.takeLive(parseLiveModels({ data: entries }, epochMs));
  return (id: string): ModelInfo | undefined => catalogue.find(id);
};

describe('the shipped prices', () => {
  interface Listed {
    readonly id: string;
    readonly pricing?: object;
    readonly variantOf?: string;
  }
  const { models } = readData(shippedFile('vercel-models.json')) as { readonly models: readonly Listed[] };

  it('are those of the data, of every kind and for every type of model', () => {
    for (const { id, pricing, variantOf } of models) {
      expect(vercelModels.find(id)?.pricing).toEqual(pricing);
      expect(vercelModels.find(id)?.variantOf).toBe(variantOf);
    }
    const types = vercelModels.list().flatMap(({ type, pricing }) => (pricing === undefined ? [] : [type]));
    expect([...new Set(types)].sort()).toEqual([
      'decision',
      'embedding',
      'image',
      'language',
      'realtime',
      'reranking',
      'speech',
      'transcription',
      'video',
    ]);
  });

  it('name models of another class that exist', () => {
    for (const { variantOf } of vercelModels.list())
      if (variantOf !== undefined) expect(vercelModels.find(variantOf)?.id).toBe(variantOf);
  });
});

describe('a launch price', () => {
  const argon = (input: string, epochMs: number): ModelInfo['pricing'] => {
    const entry = { id: 'google/gemini-4-argon', pricing: { input, output: '0.00001', input_cache_read: '0.0000001' } };
    return withLive([entry], epochMs)('google/gemini-4-argon')?.pricing;
  };
  const launch = vercelModels.find('google/gemini-4-argon')?.pricing;

  it('still ends when the live list, which knows no dates, has it too', () => {
    expect(launch).toMatchObject({ input: 2, output: 10, cacheRead: 0.1, until: '2026-11-30' });
    expect(argon('0.000002', Date.UTC(2026, 10, 30, 23))).toMatchObject({
      input: 2,
      until: '2026-11-30',
      next: { input: 4 },
    });
  });

  it('is over when the live list has another, and goes on when it has the same after the last day', () => {
    expect(argon('0.000003', Date.UTC(2026, 10, 24))).toEqual({ input: 3, output: 10, cacheRead: 0.1 });
    expect(argon('0.000002', Date.UTC(2026, 11, 1))).toEqual({ input: 2, output: 10, cacheRead: 0.1 });
  });
});

describe('a live list', () => {
  it('leaves the shipped prices where it has none', () => {
    const find = withLive([
      { id: 'openai/gpt-4.1', pricing: {} },
      { id: 'openai/tts-1', pricing: { input: 'x' } },
    ]);
    expect(find('openai/gpt-4.1')?.pricing).toEqual(vercelModels.find('openai/gpt-4.1')?.pricing);
    expect(find('openai/tts-1')?.pricing).toEqual({ perMillionCharacters: 15 });
  });

  it('adds to what is known of the kinds of input and output', () => {
    const find = withLive([{ id: 'openai/gpt-4.1', modalities: { output: ['text', 'audio'] } }]);
    expect(find('openai/gpt-4.1')?.modalities).toEqual({
      ...vercelModels.find('openai/gpt-4.1')?.modalities,
      output: ['text', 'audio'],
    });
  });

  it('keeps the efforts that are words, and the shipped ones where none is', () => {
    const effortsOf = (values: unknown) =>
      withLive([{ id: 'spacexai/grok-4.7', reasoning_options: [{ type: 'effort', values }] }])('spacexai/grok-4.7')
        ?.parameters.reasoningEffort?.values;
    expect(effortsOf([null, 'low'])).toEqual(['low']);
    expect(effortsOf([])).toEqual(['low', 'medium', 'high', 'xhigh']);
    expect(effortsOf('low')).toEqual(['low', 'medium', 'high', 'xhigh']);
  });

  it.each(['a b', 'x/\u001b[2J', 'x/\n', '', 'x'.repeat(513), 5, null])('has no model called %j', (id) => {
    expect(parseLiveModels({ data: [{ id }, { id: 'x/y' }] }, 0).map((model) => model.id)).toEqual(['x/y']);
  });

  it.each([[[]], [[null, { id: '' }]]])('is no list when it is %j: what was known would be forgotten', (data) => {
    expect(() => parseLiveModels({ data }, 0)).toThrow(/names no model/);
  });

  it('is cut where it is longer than any list of models', () => {
    const data = Array.from({ length: 10_050 }, (_, index) => ({ id: `x/m-${index}` }));
    expect(parseLiveModels({ data }, 0)).toHaveLength(10_000);
  });

  it('may call a model __proto__', () => {
    const [model] = parseLiveModels(
      JSON.parse('{"data":[{"id":"__proto__","pricing":{"__proto__":{"input":"1"}}}]}'),
      0,
    );
    expect(model).toMatchObject({ id: '__proto__' });
    expect(withLive([{ id: '__proto__' }])('__proto__')?.type).toBe('language');
    expect(({} as { input?: unknown }).input).toBeUndefined();
  });
});

describe('a live list that says "no temperature"', () => {
  const withoutTemperature = (id: string) =>
    withLive([{ id, type: 'language', tags: ['reasoning'], temperature: false }])(id)?.parameters.temperature;

  it.each(['openai/gpt-6-luna', 'openai/gpt-5.4'])(
    'leaves %s its condition, which a plain call does not meet',
    (id) => {
      const shipped = vercelModels.find(id)?.parameters.temperature;
      expect(shipped).toMatchObject({ supported: 'conditional', when: { reasoningEffort: ['none'] } });
      expect(withoutTemperature(id)).toEqual(shipped);
    },
  );

  it('leaves a model that thinks by itself the condition that thinking is off', () => {
    const id = 'deepseek/deepseek-v4-flash';
    expect(vercelModels.find(id)?.parameters.temperature).toMatchObject({ when: { reasoning: 'off' } });
    expect(withoutTemperature(id)).toEqual(vercelModels.find(id)?.parameters.temperature);
  });

  it.each([
    ['openai/gpt-4.1-nano', true],
    ['anthropic/claude-haiku-4.5', 'conditional'],
    ['meta/muse-spark-1.1', 'conditional'],
    ['acme/brand-new', undefined],
  ])('is believed of %s, whose plain call the profile would let through', (id, shipped) => {
    expect(vercelModels.find(id)?.parameters.temperature?.supported).toBe(shipped);
    expect(withoutTemperature(id)).toMatchObject({ supported: false });
  });
});
