import { costOf, systemClock } from '@headrace/core/plugin';
import { tokenUsage } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { AnthropicClient } from './anthropic-client.js';
import type { AnthropicOptions } from './anthropic-options.js';
import { parseModelPage } from './live-models.js';
import { familyOf, manners } from './model-families.js';
import { anthropicSeed } from './seed-facts.js';

const catalogueOf = (options: AnthropicOptions = {}) =>
  new AnthropicClient({ env: {}, catalogue: { refresh: false }, ...options }, systemClock).catalogue;

const find = (id: string, options: AnthropicOptions = {}) => {
  const info = catalogueOf(options).find(id);
  if (info === undefined) throw new Error(`no facts about ${id}`);
  return info;
};

describe('the shipped facts', () => {
  it('have an output limit, a family and prices for every model', () => {
    for (const id of anthropicSeed().models.ids()) {
      const { maxOutputTokens, capabilities, pricing } = find(id);
      expect([id, maxOutputTokens]).toEqual([id, expect.any(Number)]);
      expect(capabilities).toMatchObject({ structuredOutput: expect.any(Boolean), prefill: expect.any(Boolean) });
      expect(pricing?.cacheWrite1h).toBe((pricing?.input ?? 0) * 2);
    }
  });

  it.each([
    ['claude-3-haiku-20240307', true, false, { budget: false, adaptive: false, effort: false }],
    ['claude-3-7-sonnet-20250219', true, false, { budget: true, adaptive: false, effort: false }],
    ['claude-opus-4-1-20250805', true, false, { budget: true, adaptive: false, effort: false }],
    ['claude-opus-4-0', true, false, { budget: true, adaptive: false, effort: false }],
    ['claude-sonnet-4-20250514', true, false, { budget: true, adaptive: false, effort: false }],
    ['claude-haiku-4-5', true, true, { budget: true, adaptive: false, effort: false }],
    ['claude-opus-4-5-20251101', true, true, { budget: true, adaptive: false, effort: true }],
    ['claude-sonnet-4-6', false, true, { budget: true, adaptive: true, effort: true }],
    ['claude-opus-4-8', false, true, { budget: false, adaptive: true, effort: true }],
    ['claude-opus-5', false, true, { budget: false, adaptive: true, effort: true, unasked: true }],
    ['claude-opus-5-5', false, true, { budget: false, adaptive: true, effort: true, unasked: true, canBeOff: false }],
  ])(
    'say of %s whether it goes on from a prefill (%s), takes a schema (%s), and how it thinks',
    (id, prefill, schema, thinking) => {
      expect(find(id).capabilities).toMatchObject({ prefill, structuredOutput: schema });
      expect(manners(id, find(id)).thinking).toEqual(thinking);
    },
  );

  it('leave a model of another maker to its own manners', () => {
    expect(familyOf('glm-5')).toBeUndefined();
    expect(manners('glm-5', undefined).thinking).toEqual({ budget: false, adaptive: true, effort: true });
  });

  it('bill an hour in the cache at twice the input, tier by tier', () => {
    const haiku = find('claude-haiku-5-5');
    const usage = tokenUsage({ input: 200_000, cacheWrite: 200_000 });
    const hour = { ...usage, input: { ...usage.input, cacheWrite1h: 200_000 } };
    expect(costOf(haiku, hour, 0)?.usdText).toBe('0.2');
    expect(costOf(haiku, usage, 0)?.usdText).toBe('0.125');
    expect(find('claude-opus-5-5').pricing).toMatchObject({ input: 4, cacheWrite: 5, cacheWrite1h: 8, cacheRead: 0.2 });
  });

  it('have the prices of the fast mode in the form of the contract', () => {
    expect(find('claude-opus-4-8').pricing).toMatchObject({ fast: { input: 10, output: 50, cacheWrite1h: 20 } });
    expect(find('claude-opus-4-8').pricing).not.toHaveProperty('modes');
  });

  it('give way to those of the host, name by name', () => {
    const models = [
      { id: 'claude-haiku-4-5', pricing: { input: 7 }, capabilities: { structuredOutput: false } },
      { id: 'my-own', maxOutputTokens: 9 },
    ];
    expect(find('claude-haiku-4-5', { models })).toMatchObject({
      pricing: { input: 7 },
      capabilities: { structuredOutput: false, prefill: true },
      factProvenance: { pricing: { origin: 'host' } },
    });
    expect(find('my-own', { models })).toMatchObject({ type: 'language', maxOutputTokens: 9 });
    const budgets = { reasoningBudgetTokens: { supported: true } };
    const open = find('claude-opus-4-8', { models: [{ id: 'claude-opus-4-8', parameters: budgets }] });
    expect(manners('claude-opus-4-8', open).thinking.budget).toBe(true);
  });

  it('name the nearest model for one that is unknown', () => {
    expect(catalogueOf().explain('claude-haiku-4.5')).toContain('"claude-haiku-4-5"');
  });
});

describe('the list of the API', () => {
  const supported = { supported: true };
  const entry = {
    type: 'model',
    id: 'claude-next-1',
    display_name: 'Claude Next 1',
    created_at: '2026-11-20T00:00:00Z',
    max_input_tokens: 2_000_000,
    max_tokens: 256_000,
    capabilities: {
      image_input: supported,
      pdf_input: { supported: false },
      structured_outputs: supported,
      thinking: { supported: true, types: { adaptive: supported, enabled: { supported: false } } },
      effort: { supported: true, low: supported, high: supported, max: { supported: false }, xhigh: null },
    },
  };

  it('is read with limits, abilities and efforts', () => {
    expect(parseModelPage({ data: [entry], has_more: true, last_id: 'claude-next-1' })).toEqual({
      after: 'claude-next-1',
      models: [
        {
          id: 'claude-next-1',
          type: 'language',
          creator: 'anthropic',
          name: 'Claude Next 1',
          releaseDate: '2026-11-20',
          contextWindow: 2_000_000,
          maxOutputTokens: 256_000,
          reasoningOptions: { efforts: ['low', 'high'] },
          modalities: { input: ['text', 'image'], output: ['text'] },
          capabilities: { reasoning: true, structuredOutput: true },
        },
      ],
    });
  });

  it('is read as far as it goes', () => {
    const bare = { id: 'claude-bare', max_tokens: 0, capabilities: null, created_at: 'once' };
    expect(parseModelPage({ data: [bare, { display_name: 'no id' }, 7, { id: '' }] })).toEqual({
      after: undefined,
      models: [{ id: 'claude-bare', type: 'language', creator: 'anthropic' }],
    });
    expect(() => parseModelPage({ models: [] })).toThrow('is no list');
  });
});
