import { describe, expect, it } from '@jest/globals';
import { chatError, chatReply } from './chat-reply.js';
import { chatStream, chatStreamParts } from './chat-stream.js';

const dataOf = (frame: string): unknown => JSON.parse(frame.replace(/^data: /, ''));

const answer = {
  id: 'gen_x',
  model: 'a/b',
  text: ['Hi', '!'],
  reasoning: ['hm'],
  usage: { input: 20, cacheRead: 5, output: 3, reasoning: 1 },
  costUsd: 0.0000032,
};

describe('chatStream', () => {
  it('has the frames and the key order of the recorded gateway', () => {
    const frames = chatStream(answer);
    expect(frames.every((frame) => frame.startsWith('data: ') && frame.endsWith('\n\n'))).toBe(true);
    expect(frames.at(-1)).toBe('data: [DONE]\n\n');
    const json = frames.slice(0, -1).map(dataOf) as { choices: { delta: unknown; finish_reason: unknown }[] }[];
    expect(json.map(({ choices }) => choices[0]?.delta)).toMatchObject([
      { role: 'assistant' },
      { reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm', format: 'unknown', index: 0 }] },
      { content: 'Hi' },
      { content: '!' },
      { provider_metadata: { gateway: { cost: '0.0000032', generationId: 'gen_x' } } },
    ]);
    expect(json.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, null, null, 'stop']);
    expect(Object.keys(json[0]!)).toEqual(['id', 'object', 'created', 'model', 'choices', 'system_fingerprint']);
    expect(Object.keys(json.at(-1)!)).toEqual([
      'id',
      'object',
      'created',
      'model',
      'choices',
      'usage',
      'system_fingerprint',
      'generationId',
    ]);
    expect(json.at(-1)).toMatchObject({
      usage: {
        prompt_tokens: 20,
        completion_tokens: 3,
        total_tokens: 23,
        cost: 0.0000032,
        prompt_tokens_details: { cached_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    });
  });

  it('sends a tool call as a start and fragments of arguments, and ends because of it', () => {
    const { content, proof } = chatStreamParts({
      toolCalls: [
        { id: 'c1', name: 'f', arguments: ['{"x":', '1}'] },
        { id: 'c2', name: 'g', arguments: '{}' },
      ],
    });
    expect(content.slice(1).map((frame) => dataOf(frame))).toMatchObject(
      [
        { index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } },
        { index: 0, function: { arguments: '{"x":' } },
        { index: 0, function: { arguments: '1}' } },
        { index: 1, id: 'c2', type: 'function', function: { name: 'g', arguments: '' } },
        { index: 1, function: { arguments: '{}' } },
      ].map((call) => ({ choices: [{ delta: { tool_calls: [call] } }] })),
    );
    expect(dataOf(proof[0]!)).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] });
    expect(dataOf(proof[0]!)).not.toHaveProperty('usage');
  });
});

describe('chatReply', () => {
  it('says the same in one body', () => {
    expect(chatReply({ ...answer, finish: 'length' })).toMatchObject({
      id: 'gen_x',
      object: 'chat.completion',
      model: 'a/b',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi!', reasoning: 'hm' },
          logprobs: null,
          finish_reason: 'length',
        },
      ],
      usage: { total_tokens: 23 },
      generationId: 'gen_x',
    });
  });

  it('has no content beside tool calls alone', () => {
    const { choices } = chatReply({ toolCalls: [{ id: 'c', name: 'f', arguments: ['{', '}'] }] });
    expect(choices).toMatchObject([{ message: { content: null, tool_calls: [{ function: { arguments: '{}' } }] } }]);
  });
});

describe('chatError', () => {
  it('names the upstream’s type for the status, or the one given', () => {
    expect(chatError(402, 'pay')).toEqual({ error: { message: 'pay', type: 'insufficient_funds' } });
    expect(chatError(403, 'no', { type: 'permission_error', param: 'p' })).toEqual({
      error: { message: 'no', type: 'permission_error', param: 'p' },
    });
  });
});
