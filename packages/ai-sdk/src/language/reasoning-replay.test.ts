import type { LanguageModelV4Content, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { CompletionRequest, JsonObject } from '@headrace/core';
import { batch, end, reasoning, text, toolCall } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { overScript, overUpstream } from '../__fixtures__/headrace-over.js';
import { asking, call, weatherTool } from '../__fixtures__/prompts.js';

type AssistantContent = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'];

/** Content of an answer as the AI SDK puts it into the next prompt: `providerMetadata` is then `providerOptions`. */
const replayed = (content: readonly LanguageModelV4Content[]): AssistantContent =>
  content.flatMap((part): AssistantContent => {
    if (part.type === 'source' || part.type === 'tool-approval-request' || part.type === 'tool-result') return [];
    const { providerMetadata, ...rest } = JSON.parse(JSON.stringify(part)) as typeof part;
    const options = providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
    if (rest.type === 'tool-call') return [{ ...rest, input: JSON.parse(rest.input) as unknown, ...options }];
    return [{ ...rest, ...options }];
  });

const nextTurn = (content: readonly LanguageModelV4Content[]): LanguageModelV4Prompt => [
  ...asking(),
  { role: 'assistant', content: replayed(content) },
  {
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'weather', output: { type: 'text', value: 'sun' } }],
  },
];

describe('reasoning of an earlier answer', () => {
  it('goes back upstream with its signature in the next step of a conversation with tools', async () => {
    await using setting = await overUpstream(
      [reasoning('I think'), toolCall({ id: 'c', name: 'weather', arguments: { city: 'Bonn' } }), end()],
      [text('Sunny'), end()],
    );
    const model = setting.headrace('p:m');
    const first = await model.doGenerate(call({ tools: [weatherTool] }));
    await model.doGenerate(call({ prompt: nextTurn(first.content), tools: [weatherTool] }));
    const { json } = await setting.upstream.waitForRequest(2);
    expect((json as { messages: readonly JsonObject[] }).messages).toEqual([
      { role: 'user', content: 'Name a river.' },
      {
        role: 'assistant',
        content: null,
        reasoning: 'I think',
        reasoning_details: [expect.objectContaining({ type: 'reasoning.text', text: 'I think' })],
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'sun' },
    ]);
  });

  it('is the message that the gateway itself would have handed back, whatever came between', async () => {
    const details = [{ type: 'reasoning.encrypted', data: 'AAAA', nested: { list: [1, null, 'x'] } }];
    const attempt = [
      batch(
        { type: 'response-start', responseId: 'r', model: 'm' },
        { type: 'reasoning-delta', text: 'I ', details: [{ type: 'older' }] },
        { type: 'text-delta', text: 'Wait' },
        { type: 'reasoning-delta', text: 'think' },
        { type: 'tool-call-start', index: 0, id: 'c', name: 'weather' },
        { type: 'tool-call-delta', index: 0, argumentsJson: '{"city":"Bonn"}' },
        { type: 'tool-call-end', index: 0, id: 'c', name: 'weather', argumentsJson: '{"city":"Bonn"}' },
        { type: 'reasoning-delta', text: '', details },
      ),
      end(),
    ];
    await using setting = overScript([attempt, attempt, [text('Sunny'), end()]]);
    const { message } = await setting.gateway.complete({ model: 'scripted:m', prompt: 'Name a river.' });
    const model = setting.headrace('scripted:m');
    const { content } = await model.doGenerate(call({ tools: [weatherTool] }));
    await model.doGenerate(call({ prompt: nextTurn(content), tools: [weatherTool] }));
    const { request } = await setting.provider.waitForCall(3);
    expect((request as CompletionRequest).messages[1]).toEqual(message);
  });
});
