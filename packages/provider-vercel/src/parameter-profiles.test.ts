import type { ModelInfo, ParameterFact, ParameterName } from '@headrace/core/plugin';
import { parameterIssues, readData } from '@headrace/wire/provider';
import { describe, expect, it } from '@jest/globals';
import { VercelClient } from './vercel-client.js';
import { vercelModels } from './vercel-models.js';

interface Profile {
  readonly id: string;
  readonly creators: readonly string[];
  readonly match: string;
  readonly params: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const file = readData(new URL('../../wire/data/parameter-profiles.json', import.meta.url)) as {
  readonly profiles: readonly Profile[];
  readonly fallback: Profile;
};
const models = vercelModels.list().filter(({ type }) => type === 'language');
const named = (id: string): ModelInfo => {
  const model = vercelModels.find(id);
  if (model === undefined) throw new Error(`${id} is not in the catalogue`);
  return model;
};
const fact = (id: string, name: ParameterName): ParameterFact | undefined => named(id).parameters[name];

const fitting = ({ id, creator }: ModelInfo): readonly Profile[] => {
  const name = id.slice(id.indexOf('/') + 1).toLowerCase();
  return file.profiles.filter(
    ({ creators, match }) => creators.includes(creator ?? '') && new RegExp(match).test(name),
  );
};

/** Models of which no source says what they take. */
const UNDOCUMENTED = [
  'callstack/apex',
  'elorian/glimpse',
  'fireworks/ember-1',
  'humansand/ampersand-v0.1',
  'mixedbread/toast-1',
  'paperinstruments/ultramarine-1-flash',
  'particle/particle-1',
  'reflection/beam',
  'reflection/beam-free',
  'scaledown/scaledown-extract-1',
  'scaledown/scaledown-summarize-1',
  'stealth/glyph-cluster',
];

describe('the parameters of the 326 language models', () => {
  it('are of exactly one profile each, but for twelve that nothing is known of', () => {
    expect(models).toHaveLength(326);
    expect(models.filter((model) => fitting(model).length === 0).map(({ id }) => id)).toEqual(UNDOCUMENTED);
    expect(models.filter((model) => fitting(model).length > 1).map(({ id }) => id)).toEqual([]);
  });

  it('are what that profile says, limits of the model filled in', () => {
    for (const model of models) {
      const profile = fitting(model)[0] ?? file.fallback;
      expect(Object.keys(model.parameters)).toEqual(expect.arrayContaining(Object.keys(profile.params)));
      for (const [name, { supported, default: usual, min, max, fixed }] of Object.entries(profile.params)) {
        if (name === 'reasoningEffort') continue;
        const known = model.parameters[name as ParameterName];
        const bound = max === 'maxOutputTokens' ? model.maxOutputTokens : (max ?? undefined);
        expect([model.id, name, known]).toEqual([
          model.id,
          name,
          expect.objectContaining({
            // A condition that always holds is none.
            supported: supported === 'conditional' && known?.when === undefined ? true : supported,
          }),
        ]);
        expect([model.id, name, known?.default, known?.min, known?.max, known?.fixed]).toEqual([
          model.id,
          name,
          usual,
          min ?? undefined,
          bound,
          fixed,
        ]);
      }
    }
  });

  it.each([
    ['openai/gpt-4.1-mini', { temperature: 1, topP: 1, presencePenalty: 0, frequencyPenalty: 0 }],
    ['openai/o3', { reasoningEffort: 'medium' }],
    ['openai/gpt-6-luna', { temperature: 1, topP: 1, reasoningEffort: 'medium' }],
    ['anthropic/claude-opus-5.5', { reasoningEffort: 'medium' }],
    ['anthropic/claude-opus-5', { reasoningEffort: 'high' }],
    ['anthropic/claude-haiku-4.5', { temperature: 1 }],
    ['google/gemini-4-argon', { reasoningEffort: 'medium' }],
    ['moonshotai/kimi-k3', { temperature: 1, reasoningEffort: 'max' }],
    ['spacexai/grok-4.7', { temperature: 1, reasoningEffort: 'high' }],
    ['mistral/mistral-large-3', {}],
    ['zai/glm-4.5', { temperature: 0.6 }],
    ['elorian/glimpse', {}],
  ])('of %s have the documented defaults', (id, defaults) => {
    const client = new VercelClient();
    expect(client.getDefaultParams(id)).toMatchObject(defaults);
    for (const name of ['temperature', 'reasoningEffort'] as const)
      expect(client.getDefaultParams(id)[name]).toBe((defaults as Record<string, unknown>)[name]);
  });

  it('have defaults that the model itself takes, and none of what it does not take', () => {
    const client = new VercelClient();
    for (const model of models) {
      const defaults = client.getDefaultParams(model.id);
      for (const [name, value] of Object.entries(defaults) as [ParameterName, number | string][]) {
        const { supported, fixed } = model.parameters[name] ?? {};
        expect(supported !== false || fixed === value).toBe(true);
        if (supported === true) expect(parameterIssues({ [name]: value }, model)).toEqual([]);
      }
    }
  });

  it('can be sent wherever they depend on something', () => {
    const ways = [{}, { reasoningEffort: 'none' }, { reasoningBudgetTokens: 0 }] as const;
    for (const model of models)
      for (const [name, { supported, min, max, default: usual }] of Object.entries(model.parameters)) {
        if (supported !== 'conditional') continue;
        const value = typeof usual === 'number' ? usual : (min ?? max ?? 1);
        const open = ways.filter((way) => parameterIssues({ ...way, [name]: value }, model).length === 0);
        expect([model.id, name, open.length > 0]).toEqual([model.id, name, true]);
      }
  });
});

describe('the efforts of a model', () => {
  it('are those that it lists itself, in the spelling of the gateway', () => {
    expect(fact('google/gemini-3.7-flash', 'reasoningEffort')).toMatchObject({ values: ['low', 'medium', 'high'] });
    expect(fact('google/gemma-4-31b-it', 'reasoningEffort')).toMatchObject({
      supported: true,
      values: ['minimal', 'high'],
    });
  });

  it('are the gateway’s own where the model knows budgets only', () => {
    const values = ['minimal', 'low', 'medium', 'high', 'xhigh'];
    expect(fact('google/gemini-2.5-pro', 'reasoningEffort')).toMatchObject({ supported: true, values, default: null });
    expect(fact('anthropic/claude-haiku-4.5', 'reasoningEffort')).toMatchObject({ values: ['none', ...values] });
    expect(fact('alibaba/qwen3-max-thinking', 'reasoningEffort')).toMatchObject({ values });
  });

  it('have `none` where thinking can be switched off', () => {
    expect(fact('deepseek/deepseek-v4-pro', 'reasoningEffort')?.values).toEqual(['none', 'high', 'xhigh']);
    expect(fact('anthropic/claude-opus-5.5', 'reasoningEffort')?.values).not.toContain('none');
  });

  it('are left to the gateway where thinking can be switched and nothing more is known', () => {
    for (const id of ['zai/glm-4.6', 'alibaba/qwen-3-14b', 'xiaomi/mimo-v2.6-pro'])
      expect(fact(id, 'reasoningEffort')).toEqual({ supported: 'unknown' });
  });

  it('are not sent to models that do not think or that nobody knows an effort of', () => {
    for (const id of ['openai/gpt-4.1', 'mistral/codestral', 'minimax/minimax-m2', 'spacexai/grok-build-0.1'])
      expect(fact(id, 'reasoningEffort')?.supported).toBe(false);
  });
});

describe('the thinking budget of a model', () => {
  it('has the range that the model lists', () => {
    expect(fact('google/gemini-2.5-flash', 'reasoningBudgetTokens')).toEqual({ supported: true, min: 0, max: 24_576 });
    expect(fact('alibaba/qwen3.6-35b-a3b', 'reasoningBudgetTokens')).toEqual({ supported: true });
  });

  it('is not sent to models that do not think, nor to those whose maker refuses one', () => {
    for (const id of ['openai/gpt-4.1', 'anthropic/claude-opus-5.5', 'anthropic/claude-sonnet-5'])
      expect(fact(id, 'reasoningBudgetTokens')).toEqual({ supported: false });
  });

  it('is not known of the rest', () => {
    expect(named('openai/gpt-6-luna').parameters).not.toHaveProperty('reasoningBudgetTokens');
  });
});
