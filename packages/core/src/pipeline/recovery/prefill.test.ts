import { describe, expect, it } from '@jest/globals';
import { request } from '../../__fixtures__/call.js';
import type { Message } from '../../contract/message.js';
import { prefilledRequest, splitPrefill } from './prefill.js';

const user: Message = { role: 'user', content: 'Hi' };

const lastOf = (messages: readonly Message[], delivered = 'Hello'): unknown =>
  prefilledRequest(request({ messages }), delivered)?.messages;

describe('a prefill', () => {
  it('is the delivered text as an answer that was begun', () => {
    expect(lastOf([user])).toEqual([user, { role: 'assistant', content: 'Hello' }]);
  });

  it('leaves out white space at its end, which upstreams refuse there', () => {
    expect(splitPrefill('Hello \n')).toEqual({ prefill: 'Hello', space: ' \n' });
    expect(lastOf([user], 'Hello \n')).toEqual([user, { role: 'assistant', content: 'Hello' }]);
  });

  it.each<[string, Message, unknown]>([
    ['a text', { role: 'assistant', content: 'So: ' }, 'So: Hello'],
    [
      'a text part',
      { role: 'assistant', content: [{ type: 'text', text: 'So: ', cache: { type: 'ephemeral' } }] },
      [{ type: 'text', text: 'So: Hello', cache: { type: 'ephemeral' } }],
    ],
    [
      'another part',
      { role: 'assistant', content: [{ type: 'reasoning', text: 'Well' }] },
      [
        { type: 'reasoning', text: 'Well' },
        { type: 'text', text: 'Hello' },
      ],
    ],
  ])("goes on from the caller's own that ends with %s", (_, own, content) => {
    expect(lastOf([user, own])).toEqual([user, { ...own, content }]);
  });

  it.each([
    ['is nothing but white space', {}, ' \n'],
    ['ends within a character', {}, 'Hello \uD83D'],
    ['is to take a form', { outputFormat: { type: 'json' } as const }, '{"a":'],
  ])('is not asked for where the answer %s', (_, changes, delivered) => {
    expect(prefilledRequest(request(changes), delivered)).toBeUndefined();
  });
});
