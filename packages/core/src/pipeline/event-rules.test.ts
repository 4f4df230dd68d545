import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '../contract/stream-event.js';
import type { TokenUsage } from '../contract/usage.js';
import { EventRules } from './event-rules.js';

const start: StreamEvent = { type: 'response-start', responseId: 'r', model: 'm' };
const text: StreamEvent = { type: 'text-delta', text: 'x' };
const end: StreamEvent = { type: 'response-end', reason: 'stop', rawReason: 'stop' };
const toolStart: StreamEvent = { type: 'tool-call-start', index: 0, id: 'c', name: 't' };
const toolDelta: StreamEvent = { type: 'tool-call-delta', index: 0, argumentsJson: '{' };
const toolEnd: StreamEvent = { type: 'tool-call-end', index: 0, id: 'c', name: 't', argumentsJson: '{}' };

describe('the order of events', () => {
  it.each<[string, readonly StreamEvent[]]>([
    ['text', [start, text, end]],
    ['a tool call', [start, toolStart, toolDelta, toolEnd, end]],
    ['an empty answer', [start, end]],
  ])('is right for %s', (_what, events) => {
    expect(new EventRules().fault(events)).toBeUndefined();
  });

  it.each<[string, readonly StreamEvent[], RegExp]>([
    ['something after the end', [end, text], /after `response-end`/],
    ['two starts', [start, start], /`response-start` twice/],
    ['a tool call that starts twice', [toolStart, toolStart], /tool call 0 twice/],
    ['a piece of a tool call that is not open', [toolDelta], /not open/],
    ['the end of a tool call that was not open', [toolEnd], /not open/],
    ['an end with a tool call open', [toolStart, end], /with a tool call open/],
    ['arguments that are no JSON', [toolStart, { ...toolEnd, argumentsJson: '{' }], /"t" are not JSON/],
    ['a type nobody knows', [{ type: 'surprise' } as unknown as StreamEvent], /unknown type "surprise"/],
  ])('is broken by %s', (_what, events, fault) => {
    expect(new EventRules().fault(events)).toMatch(fault);
  });

  it('is remembered from batch to batch', () => {
    const rules = new EventRules();
    expect([rules.fault([start]), rules.committed]).toEqual([undefined, false]);
    expect([rules.fault([text]), rules.committed, rules.ended]).toEqual([undefined, true, false]);
    expect([rules.fault([end]), rules.ended]).toEqual([undefined, true]);
    expect(rules.fault([start])).toMatch(/after/);
  });
});

const usage: TokenUsage = {
  certainty: 'exact',
  input: { total: 3, uncached: 1, cacheRead: 1, cacheWrite: 1 },
  output: { total: 2, text: 2, reasoning: 0, image: 0 },
  totalTokens: 5,
};

describe('the members of events', () => {
  it.each<[string, readonly StreamEvent[]]>([
    ['reasoning', [{ type: 'reasoning-delta', text: '', details: [{ a: 1 }] }, end]],
    ['a warning', [{ type: 'warning', warning: { code: 'c', message: 'm' } }, end]],
    ['a file', [{ type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AA==' } as never }, end]],
    ['a citation', [{ type: 'citation', document: { index: 0, unit: 'page', start: 1, end: 2 } }, end]],
    ['a result of a tool', [{ type: 'tool-result', toolCallId: 'c', name: 't', result: null }, end]],
    ['usage and cost', [{ ...end, usage, cost: { usd: 0, certainty: 'exact', source: 'provider' } }]],
    ['a raw frame', [{ type: 'raw', value: undefined }, end]],
  ])('are right for %s', (_what, events) => {
    expect(new EventRules().fault(events)).toBeUndefined();
  });

  it.each<[string, object]>([
    ['a text that is none', { type: 'text-delta', text: 5 }],
    ['a text that is missing', { type: 'text-delta' }],
    ['reasoning without text', { type: 'reasoning-delta' }],
    ['reasoning whose details are no list', { type: 'reasoning-delta', text: '', details: {} }],
    ['a start without an id', { type: 'response-start', model: 'm' }],
    ['a start without a model', { type: 'response-start', responseId: 'r', model: 5 }],
    ['a tool call without an index', { type: 'tool-call-start', id: 'c', name: 't' }],
    ['a tool call without an id', { type: 'tool-call-start', index: 1, name: 't' }],
    ['a tool call without a name', { type: 'tool-call-start', index: 1, id: 'c', name: {} }],
    ['arguments that are no text', { type: 'tool-call-delta', index: 0, argumentsJson: {} }],
    ['whole arguments that are no text', { ...toolEnd, argumentsJson: {} }],
    ['whole arguments that are a number', { ...toolEnd, argumentsJson: 5 }],
    ['the end of a tool call without an id', { ...toolEnd, id: undefined }],
    ['the end of a tool call without a name', { ...toolEnd, name: undefined }],
    ['a result of no call', { type: 'tool-result', name: 't', result: null }],
    ['a result of no tool', { type: 'tool-result', toolCallId: 'c', result: null }],
    ['a file without a type', { type: 'file', source: {} }],
    ['a file without a source', { type: 'file', mediaType: 'image/png', source: 'AA==' }],
    ['a citation of a number', { type: 'citation', url: 5 }],
    ['a citation with a title that is none', { type: 'citation', title: {} }],
    ['a citation of words that are none', { type: 'citation', citedText: 5 }],
    ['a citation of a document that is none', { type: 'citation', document: 5 }],
    ['no warning', { type: 'warning' }],
    ['a warning that is a word', { type: 'warning', warning: 'w' }],
    ['a warning without a code', { type: 'warning', warning: { message: 'm' } }],
    ['a warning without words', { type: 'warning', warning: { code: 'c' } }],
    ['an end without a reason', { type: 'response-end', rawReason: 'stop' }],
    ['an end for a reason that there is not', { ...end, reason: 'constructor' }],
    ['an end without the word of the upstream', { type: 'response-end', reason: 'stop' }],
    ['usage that is none', { ...end, usage: 5 }],
    ['usage that is null', { ...end, usage: null }],
    ['usage without certainty', { ...end, usage: { ...usage, certainty: 'sure' } }],
    ['usage without a total', { ...end, usage: { ...usage, totalTokens: Number.NaN } }],
    ['usage without input', { ...end, usage: { ...usage, input: 'x' } }],
    ['usage without output', { ...end, usage: { ...usage, output: undefined } }],
    ...['total', 'uncached', 'cacheRead', 'cacheWrite'].map((name): [string, object] => [
      `input tokens without ${name}`,
      { ...end, usage: { ...usage, input: { ...usage.input, [name]: '1' } } },
    ]),
    ...['total', 'text', 'reasoning', 'image'].map((name): [string, object] => [
      `output tokens without ${name}`,
      { ...end, usage: { ...usage, output: { ...usage.output, [name]: undefined } } },
    ]),
    ['a cost that is none', { ...end, cost: 5 }],
    ['a cost that is no number', { ...end, cost: { usd: '1', certainty: 'exact' } }],
    ['a cost whose text is none', { ...end, cost: { usd: 1, usdText: 1, certainty: 'exact' } }],
    ['a cost of no certainty', { ...end, cost: { usd: 1 } }],
  ])('are wrong for %s', (_what, event) => {
    const rules = new EventRules();
    expect(rules.fault([toolStart])).toBeUndefined();
    const { type } = event as StreamEvent;
    expect(rules.fault([event as StreamEvent])).toContain(`\`${type}\``);
  });
});
