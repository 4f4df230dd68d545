import { describe, expect, it } from '@jest/globals';
import { prefillFacts } from './prefill-facts.js';

describe('whether a model goes on from a prefill', () => {
  it.each([
    ['anthropic/claude-3-haiku', true],
    ['anthropic/claude-3.5-haiku', true],
    ['anthropic/claude-3.7-sonnet', true],
    ['anthropic/claude-opus-4', true],
    ['anthropic/claude-opus-4.1', true],
    ['anthropic/claude-haiku-4.5', true],
    ['anthropic/claude-haiku-4.5-batch', true],
    ['anthropic/claude-haiku-4-5', true],
    ['anthropic/claude-haiku-4-5-20251001', true],
    ['anthropic/claude-sonnet-4-20250514', true],
    ['anthropic/claude-3-5-haiku-20241022', true],
    ['anthropic/claude-sonnet-4-6', false],
    ['anthropic/claude-sonnet-4-6-20260217', false],
    ['anthropic/claude-sonnet-4.6', false],
    ['anthropic/claude-opus-4.8-fast', false],
    ['anthropic/claude-fable-5', false],
    ['anthropic/claude-haiku-5.5', false],
    ['anthropic/claude-2.1', true],
    ['anthropic/claude-instant-1.2', true],
    ['anthropic/glm-5', undefined],
    ['openai/gpt-6-luna', undefined],
    ['mistral/mistral-large-3', undefined],
    ['deepseek/deepseek-v3.2', undefined],
  ])('%s: %p', (id, prefill) => {
    expect(prefillFacts(id).capabilities?.prefill).toBe(prefill);
  });
});
