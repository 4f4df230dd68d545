import { describe, expect, it } from '@jest/globals';
import type { Evidence, SeenCall, SeenRequest } from './evidence.js';
import type { Fault } from './fault.js';
import { judge } from './judge.js';
import { LabAnswer } from './lab-answer.js';
import type { Received } from './lab-subject.js';
import { HARMLESS } from './outlook.js';

const answer = new LabAnswer('text');
const WHOLE: Received = { ended: 'whole', finishReason: 'stop', toolCalls: [] };

const broken = (more: Partial<Extract<Received, { ended: 'error' }>> = {}): Received => ({
  ended: 'error',
  message: 'The connection broke.',
  printed: 'Error: The connection broke.',
  ...more,
});

const fault = (more: Partial<Fault> = {}): Fault => ({
  name: 'some-fault',
  title: 'something goes wrong',
  expected: { stream: HARMLESS },
  causes: ['truncated'],
  primary: 'refused',
  ...more,
});

const call = (more: Partial<SeenCall> = {}): SeenCall => ({
  startedAtMs: 0,
  endedAtMs: 100,
  firstTextAtMs: 50,
  text: answer.text,
  received: WHOLE,
  ...more,
});

const asked = (arrivedAtMs: number, target: SeenRequest['target'] = 'primary', keyOf?: 'primary' | 'fallback') => ({
  target,
  arrivedAtMs,
  ...(keyOf === undefined ? {} : { keyOf }),
});

const verdictOn = (more: Partial<Evidence> = {}) =>
  judge({
    fault: fault(),
    delivery: 'stream',
    answer,
    subject: { maxAttempts: 3, recovers: false, timeoutMs: 1_000 },
    secrets: ['the key', 'the prompt'],
    calls: [call()],
    requests: [asked(10)],
    ...more,
  });

describe('a call is rescued', () => {
  it('when the caller has the whole answer and nothing else', () => {
    expect(verdictOn()).toEqual({ verdict: 'rescued' });
  });

  it('when its tool calls mean the same, however their JSON is written', () => {
    const tools = new LabAnswer('tools');
    const toolCalls = tools.toolCalls.map(({ name, arguments: json }) => ({
      name,
      argumentsJson: ` ${[json].flat().join('')} `,
    }));
    const received: Received = { ended: 'whole', toolCalls };
    expect(verdictOn({ answer: tools, calls: [call({ text: '', received })] }).verdict).toBe('rescued');
  });

  it('after a start from anew, where the subject says that it recovers', () => {
    const subject = { maxAttempts: 3, recovers: true, timeoutMs: 1_000 };
    expect(verdictOn({ subject, requests: [asked(10), asked(60, 'fallback')] }).verdict).toBe('rescued');
  });
});

describe('a call is honest', () => {
  const cut = answer.begin(3);

  it.each([
    ['by an error without a class', broken()],
    ['by an error of a class that is true', broken({ code: 'cut', failureClass: 'truncated' })],
    ['by a finish reason', { ...WHOLE, finishReason: 'content-filter' } as Received],
  ])('%s, after a part of the answer', (_how, received) => {
    expect(verdictOn({ calls: [call({ text: cut, received })] }).verdict).toBe('honest');
  });

  it('by an error that names the deadline, when it had passed', () => {
    const calls = [call({ text: cut, endedAtMs: 1_010, received: broken({ failureClass: 'silence' }) })];
    expect(verdictOn({ calls }).verdict).toBe('honest');
  });

  it('when one of several calls is no more than that', () => {
    const second = call({ startedAtMs: 200, endedAtMs: 300, text: cut, received: broken({ code: 'cut' }) });
    expect(verdictOn({ calls: [call(), second] })).toEqual({
      verdict: 'honest',
      reason: 'call 2: cut: The connection broke.',
    });
  });
});

describe('a call has failed', () => {
  const cut = answer.begin(3);

  it.each<[string, Partial<SeenCall>, string]>([
    ['a cut answer passes for a whole one', { text: cut }, `the first ${cut.length} characters of`],
    ['an empty answer does', { text: '' }, 'nothing passed for'],
    ['text comes twice', { text: cut + answer.text }, `not the answer from character ${cut.length + 1}`],
    ['text comes after the answer', { text: `${answer.text}!` }, 'the answer and 1 character more'],
    [
      'a tool call comes in addition',
      { received: { ...WHOLE, toolCalls: [{ name: 'x', argumentsJson: '{}' }] } },
      '1 tool',
    ],
    ['it has no end', { received: undefined as never }, 'no end within 100 ms'],
    ['its error tells a lie', { received: broken({ failureClass: 'quota' }) }, 'says "quota", and it was truncated'],
    ['its error blames the time too early', { received: broken({ failureClass: 'silence' }) }, 'says "silence"'],
    ['its error shows a secret', { received: broken({ printed: 'Error: the key' }) }, 'a key or the prompt'],
    ['its error says nothing', { received: broken({ message: ' ' }) }, 'says nothing'],
    ['wrong text came before its error', { text: 'x', received: broken() }, 'before its error'],
    [
      'a stopped answer holds other text',
      { text: 'x', received: { ...WHOLE, finishReason: 'length' } },
      'stopped answer',
    ],
  ])('when %s', (_how, more, reason) => {
    const { received, ...rest } = call(more);
    const judged = verdictOn({ calls: [{ ...rest, ...(received === undefined ? {} : { received }) }] });
    expect(judged).toEqual({ verdict: 'failed', reason: expect.stringContaining(reason) });
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['more requests were made than allowed', { requests: [1, 2, 3, 4].map((at) => asked(at)) }, '4 requests'],
    ['the prompt went elsewhere', { requests: [asked(1), asked(2, 'elsewhere')] }, 'the prompt went to an origin'],
    ['the key did, too', { requests: [asked(1), asked(2, 'elsewhere', 'primary')] }, 'the prompt and the key'],
    [
      'a key went to the other target',
      { requests: [asked(1, 'fallback', 'primary')] },
      'key of the primary went to the f',
    ],
    ['a refusal was asked again', { fault: fault({ isFinal: true }), requests: [asked(1), asked(2)] }, 'asked 2 times'],
    [
      'a hint was not kept',
      { fault: fault({ hintMs: 40 }), requests: [asked(1), asked(21)] },
      'asked again after 20 ms',
    ],
    ['it was asked again after delivery', { requests: [asked(1), asked(60)] }, 'after part of the answer'],
  ])('when %s, whatever the caller received', (_how, more, reason) => {
    expect(verdictOn(more)).toEqual({ verdict: 'failed', reason: expect.stringContaining(reason) });
  });

  it('for the requests of its own call only', () => {
    const calls = [call(), call({ startedAtMs: 200, firstTextAtMs: 250, endedAtMs: 300 })];
    const each = [1, 2, 3, 201, 202, 203].map((at) => asked(at));
    expect(verdictOn({ calls, requests: each }).verdict).toBe('rescued');
    expect(verdictOn({ calls, requests: [...each, asked(204)] })).toMatchObject({
      reason: expect.stringContaining('call 2: 4 requests'),
    });
  });
});
