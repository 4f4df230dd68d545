import { fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { ModelCatalogue } from './model-catalogue.js';
import { vercelModels } from './vercel-models.js';

describe('whether a model goes on from a prefill', () => {
  it('is among the facts of the model, beside what the catalogue says of it', () => {
    expect(vercelModels.find('anthropic/claude-haiku-4.5')?.capabilities).toMatchObject({
      prefill: true,
      toolCall: true,
    });
    expect(vercelModels.find('anthropic/claude-opus-4.6')?.capabilities).toMatchObject({
      prefill: false,
      toolCall: true,
    });
    expect(vercelModels.find('openai/gpt-6-luna')?.capabilities).not.toHaveProperty('prefill');
  });

  it('is for the host to say otherwise', () => {
    const hostModels = [{ id: 'anthropic/claude-haiku-4.5', capabilities: { prefill: false } }];
    const catalogue = new ModelCatalogue({ provider: 'vercel', hostModels, clock: fakeClock() });
    expect(catalogue.find('anthropic/claude-haiku-4.5')?.capabilities?.prefill).toBe(false);
  });
});
