import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '../contract/stream-event.js';
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
