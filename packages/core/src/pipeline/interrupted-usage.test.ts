import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { request } from '../__fixtures__/call.js';
import type { ModelRequest } from '../contract/request.js';
import { interruptedUsage } from './interrupted-usage.js';

const NOTHING = { textCharacters: 0, reasoningCharacters: 0 };
const inputOf = (asked: ModelRequest): number | undefined => interruptedUsage(asked, NOTHING)?.input.total;

describe('what an interrupted attempt probably used', () => {
  it('is called an estimate, and has parts that sum to its totals', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), (textCharacters, reasoningCharacters) => {
        const usage = interruptedUsage(request(), { textCharacters, reasoningCharacters });
        if (usage === undefined) throw new Error('a completion has an estimate');
        expect(usage.certainty).toBe('estimated');
        expect(usage.output.text + usage.output.reasoning).toBe(usage.output.total);
        expect(usage.input.total + usage.output.total).toBe(usage.totalTokens);
        expect(usage.output.text).toBeGreaterThanOrEqual(textCharacters / 4);
        expect(Number.isSafeInteger(usage.totalTokens)).toBe(true);
      }),
    );
  });

  it('counts every text of a conversation, and its tools', () => {
    const long = 'x'.repeat(400);
    const bare = inputOf(request({ messages: [{ role: 'user', content: '' }] })) ?? 0;
    const grows = (change: Partial<Extract<ModelRequest, { kind: 'completion' }>>): number =>
      (inputOf(request({ messages: [{ role: 'user', content: '' }], ...change })) ?? 0) - bare;
    expect(grows({ messages: [{ role: 'user', content: [{ type: 'text', text: long }] }] })).toBe(100);
    expect(
      grows({
        messages: [
          { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'n', argumentsJson: long }] },
          { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', content: long }] },
        ],
      }),
    ).toBeGreaterThan(200);
    expect(grows({ tools: [{ name: 'n', description: long, parameters: {} }] })).toBeGreaterThan(100);
    expect(grows({ outputFormat: { type: 'json', schema: { description: long } } })).toBeGreaterThan(100);
  });

  it('counts texts and documents, and knows nothing of images', () => {
    const common = { model: 'm', delivery: 'whole' } as const;
    expect(inputOf({ ...common, kind: 'embedding', inputs: ['four', 'eight---'] })).toBe(3);
    expect(inputOf({ ...common, kind: 'reranking', query: 'four', documents: ['four', { text: 'x' }] })).toBe(6);
    expect(inputOf({ ...common, kind: 'image', prompt: 'a cat' })).toBeUndefined();
  });
});
