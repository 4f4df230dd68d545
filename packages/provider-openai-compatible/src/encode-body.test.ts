import type { CompletionRequest, JsonObject } from '@headrace/core/plugin';
import { completionRequest } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { encodeBody } from './encode-body.js';
import type { EndpointForm } from './endpoint-form.js';

type Content = Extract<CompletionRequest['messages'][number], { role: 'assistant' }>['content'];

const replayed = (content: Content, reasoningReplay: EndpointForm['reasoningReplay']): unknown => {
  const request = completionRequest({
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content },
    ],
  });
  const { messages } = encodeBody(request, 'own', { reasoningReplay }, 'Own').body;
  return (messages as readonly JsonObject[])[1];
};

const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
const reasoning = (text: string) => ({ type: 'reasoning', text }) as const;
const text = (words: string) => ({ type: 'text', text: words }) as const;

describe('thoughts of an earlier answer', () => {
  it('stand before its text, as parts of the content', () => {
    expect(replayed([reasoning('Hm.'), text('Hello')], 'thinking')).toEqual({
      role: 'assistant',
      content: [thinking('Hm.'), text('Hello')],
    });
  });

  it('stand alone where it has only calls of tools, or nothing', () => {
    const call = { type: 'tool-call', id: 'c1', name: 'now', argumentsJson: '{}' } as const;
    expect(replayed([reasoning('Hm.'), call], 'thinking')).toMatchObject({
      content: [thinking('Hm.')],
      tool_calls: [{ id: 'c1' }],
    });
    expect(replayed([reasoning('Hm.')], 'thinking')).toEqual({ role: 'assistant', content: [thinking('Hm.')] });
  });

  it('are no part where they are empty, but a member all the same: DeepSeek refuses an answer without it', () => {
    const bare = { role: 'assistant', content: 'Hello' };
    expect(replayed([reasoning(''), text('Hello')], 'thinking')).toEqual(bare);
    expect(replayed([reasoning(''), text('Hello')], 'reasoning_content')).toEqual({ ...bare, reasoning_content: '' });
  });

  it('stand in a member of their own elsewhere', () => {
    expect(replayed([reasoning('Hm.'), text('Hello')], 'reasoning_content')).toEqual({
      role: 'assistant',
      content: 'Hello',
      reasoning_content: 'Hm.',
    });
  });
});
