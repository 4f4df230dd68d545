import { InvalidRequestError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { chatReasoning } from './chat-reasoning.js';

const PLACE = 'providerOptions.vercel.reasoning';

describe("the body's reasoning", () => {
  it.each([
    [{}, undefined, { enabled: true }, { enabled: true }],
    [{}, undefined, { enabled: false }, { enabled: false }],
    [{ reasoningEffort: 'low' }, { effort: 'low' }, { exclude: true }, { effort: 'low', exclude: true }],
    [{ reasoningEffort: 'low' }, { effort: 'low' }, { enabled: true }, { effort: 'low', enabled: true }],
    [{ reasoningEffort: 'none' }, { effort: 'none' }, { enabled: false }, { effort: 'none', enabled: false }],
    [{ reasoningBudgetTokens: 9 }, { max_tokens: 9 }, { exclude: true }, { max_tokens: 9, exclude: true }],
  ] as const)('puts %j (%j) and the switches %j together', (parameters, said, switches, whole) => {
    expect(chatReasoning(parameters, said, switches, PLACE)).toEqual(whole);
  });

  it.each([
    [{ reasoningEffort: 'low' }, { enabled: false }],
    [{ reasoningBudgetTokens: 9 }, { enabled: false }],
    [{ reasoningEffort: 'none' }, { enabled: true }],
    [{ reasoningBudgetTokens: 0 }, { enabled: true }],
  ] as const)('refuses %j beside %j', (parameters, switches) => {
    const contradiction = expect.objectContaining({ issues: [expect.objectContaining({ field: `${PLACE}.enabled` })] });
    const combine = () => chatReasoning(parameters, undefined, switches, PLACE);
    expect(combine).toThrow(InvalidRequestError);
    expect(combine).toThrow(contradiction);
  });
});
