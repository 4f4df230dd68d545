import { describe, expect, it } from '@jest/globals';
import { batch, end, start, textOf } from '../__fixtures__/call.js';
import { errorOf } from '../__fixtures__/outcome.js';
import type { StreamEvent } from '../contract/stream-event.js';
import type { Receipt } from '../pipeline/receipt.js';
import { CompletionCollector } from './completion-collector.js';

const receipt: Receipt = {
  id: 'call_1',
  reference: 'p1:m1',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 5,
  outcome: 'complete',
  complete: true,
  attempts: [],
  servedBy: { provider: 'p1', model: 'maker/m1' },
  cost: { usd: 0.5, certainty: 'exact', source: 'provider' },
  warnings: [{ code: 'w', message: 'm' }],
};

const whole = (...events: readonly StreamEvent[]) => {
  const collector = new CompletionCollector();
  for (const event of events) collector.onBatch(batch(event));
  return collector.whole(receipt);
};

const toolEnd = (index: number, name: string, argumentsJson = '{}'): StreamEvent => ({
  type: 'tool-call-end',
  index,
  id: `c${index}`,
  name,
  argumentsJson,
});
const toolStart = (index: number, name: string): StreamEvent => ({
  type: 'tool-call-start',
  index,
  id: `c${index}`,
  name,
});

describe('CompletionCollector', () => {
  it('joins text and reasoning, each for itself', () => {
    const answer = whole(
      start,
      { type: 'reasoning-delta', text: 'Hm' },
      { type: 'reasoning-delta', text: '…' },
      textOf('Good '),
      textOf('day'),
      end,
    );
    expect([answer.text, answer.reasoning]).toEqual(['Good day', 'Hm…']);
    expect(answer.message).toEqual({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm…' },
        { type: 'text', text: 'Good day' },
      ],
    });
  });

  it('keeps the last of the opaque items, even without text to them', () => {
    const [first, last] = [[{ signature: 'a' }], [{ signature: 'a' }, { signature: 'b' }]];
    const answer = whole(
      { type: 'reasoning-delta', text: '', details: first },
      { type: 'reasoning-delta', text: '', details: last },
      end,
    );
    expect(answer.message.content).toEqual([{ type: 'reasoning', text: '', details: last }]);
  });

  it('gives finished tool calls as written and as parsed, safely', () => {
    const text = '{"city":"Bern","__proto__":{"x":1}}';
    const { toolCalls, message } = whole(
      toolStart(0, 'weather'),
      { type: 'tool-call-delta', index: 0, argumentsJson: text },
      toolEnd(0, 'weather', text),
      end,
    );
    expect(toolCalls).toEqual([{ id: 'c0', name: 'weather', argumentsJson: text, arguments: { city: 'Bern' } }]);
    expect(message.content).toEqual([{ type: 'tool-call', id: 'c0', name: 'weather', argumentsJson: text }]);
  });

  it('puts tool calls in the order of the answer, whichever ended first', () => {
    const { toolCalls } = whole(toolStart(0, 'a'), toolStart(1, 'b'), toolEnd(1, 'b'), toolEnd(0, 'a'), end);
    expect(toolCalls.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('keeps files and citations', () => {
    const file = { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AA==' } } as const;
    const citation = { type: 'citation', url: 'https://example.com' } as const;
    const answer = whole(file, citation, end);
    expect([answer.files, answer.citations]).toEqual([[file], [citation]]);
    expect(answer.message.content).toEqual([file]);
  });

  it('takes reason, usage and metadata from the end and the rest from the receipt', () => {
    const usage = {
      certainty: 'exact',
      input: { total: 1, uncached: 1, cacheRead: 0, cacheWrite: 0 },
      output: { total: 2, text: 2, reasoning: 0, image: 0 },
      totalTokens: 3,
    } as const;
    const answer = whole(start, {
      ...end,
      reason: 'length',
      rawReason: 'max_tokens',
      usage,
      providerMetadata: { a: 1 },
    });
    expect(answer).toMatchObject({
      finishReason: 'length',
      rawFinishReason: 'max_tokens',
      usage,
      providerMetadata: { a: 1 },
      responseId: 'r1',
      provider: 'p1',
      model: 'maker/m1',
      cost: receipt.cost,
      warnings: receipt.warnings,
      receipt,
    });
  });

  it('makes an empty answer of no content', () => {
    const answer = whole(end);
    expect(answer).toMatchObject({ text: '', reasoning: '', toolCalls: [], files: [], citations: [], responseId: '' });
    expect(answer.message.content).toEqual([]);
    expect([answer.usage, answer.providerMetadata]).toEqual([undefined, undefined]);
  });

  it('has no whole answer without the proof of the end', async () => {
    expect(await errorOf(() => whole(start, textOf('half')))).toMatchObject({ code: 'stream-interrupted' });
  });
});
