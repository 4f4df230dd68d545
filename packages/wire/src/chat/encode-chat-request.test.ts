import type { CompletionRequest, Message } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { encodeChatRequest } from './encode-chat-request.js';

const options = { providerId: 'acme' };
const plain: CompletionRequest = {
  kind: 'completion',
  model: 'acme/thinker-2',
  delivery: 'whole',
  messages: [{ role: 'user', content: 'Hi' }],
  parameters: {},
};
const encodeAll = (request: Partial<CompletionRequest>, more = {}): ReturnType<typeof encodeChatRequest> =>
  encodeChatRequest({ ...plain, ...request }, { ...options, ...more });
describe('the body of a chat request', () => {
  it('holds model and messages, and nothing that was not asked for', () => {
    expect(encodeAll({})).toEqual({
      body: { model: 'acme/thinker-2', messages: [{ role: 'user', content: 'Hi' }] },
      warnings: [],
      notes: [],
    });
  });

  it('asks a stream for usage, unless told not to', () => {
    expect(encodeAll({ delivery: 'stream' }).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(encodeAll({ delivery: 'stream' }, { includeUsage: false }).body).not.toHaveProperty('stream_options');
  });

  it('gives every parameter its wire name', () => {
    const parameters = {
      temperature: 0,
      topP: 0.9,
      topK: 40,
      maxOutputTokens: 100,
      presencePenalty: -1,
      frequencyPenalty: 1,
      stopSequences: ['END'],
      seed: 7,
      reasoningEffort: 'high' as const,
    };
    expect(encodeAll({ parameters }).body).toMatchObject({
      temperature: 0,
      top_p: 0.9,
      top_k: 40,
      max_tokens: 100,
      presence_penalty: -1,
      frequency_penalty: 1,
      stop: ['END'],
      seed: 7,
      reasoning: { effort: 'high' },
    });
    expect(encodeAll({ parameters }, { maxTokensField: 'max_completion_tokens' }).body).toMatchObject({
      max_completion_tokens: 100,
    });
    expect(encodeAll({ parameters }, { reasoningField: 'reasoning_effort' }).body).toMatchObject({
      reasoning_effort: 'high',
    });
  });

  it('sends a reasoning budget, or says why not', () => {
    expect(encodeAll({ parameters: { reasoningBudgetTokens: 0 } }).body['reasoning']).toEqual({ max_tokens: 0 });
    const wordOnly = encodeAll({ parameters: { reasoningBudgetTokens: 9 } }, { reasoningField: 'reasoning_effort' });
    expect(wordOnly.body).not.toHaveProperty('reasoning');
    expect(wordOnly.warnings).toEqual([
      expect.objectContaining({ code: 'parameter-dropped', field: 'reasoningBudgetTokens' }),
    ]);
    const both = encodeAll({ parameters: { reasoningBudgetTokens: 9, reasoningEffort: 'low' } });
    expect(both.body['reasoning']).toEqual({ effort: 'low' });
    expect(both.warnings).toHaveLength(1);
  });

  it('is closed: what else a request object carries stays here', () => {
    const request = { ...plain, apiKey: 'secret', parameters: { temperature: 1, internal: 'secret' } };
    const messages = [{ role: 'user', content: 'Hi', secret: 'secret' }] as unknown as readonly Message[];
    expect(JSON.stringify(encodeChatRequest({ ...request, messages } as CompletionRequest, options))).not.toContain(
      'secret',
    );
  });

  it('carries tools, choice, format, modalities and user', () => {
    const schema = { type: 'object' };
    const { body, warnings } = encodeAll({
      tools: [
        { name: 'f', description: 'd', parameters: schema, strict: true, cache: { type: 'ephemeral', ttl: '1h' } },
        { name: 'g', parameters: schema },
      ],
      toolChoice: { name: 'f' },
      parallelToolCalls: false,
      outputFormat: { type: 'json', schema, strict: true, description: 'x' },
      outputModalities: ['text', 'image'],
      endUser: 'u1',
    });
    expect(warnings).toEqual([]);
    expect(body).toMatchObject({
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'd', parameters: schema, strict: true },
          cache_control: { type: 'ephemeral', ttl: '1h' },
        },
        { type: 'function', function: { name: 'g', parameters: schema } },
      ],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'output', schema, strict: true, description: 'x' } },
      modalities: ['text', 'image'],
      user: 'u1',
    });
    expect(encodeAll({ outputFormat: { type: 'json' }, toolChoice: 'required' }).body).toMatchObject({
      response_format: { type: 'json_object' },
      tool_choice: 'required',
    });
  });

  it('takes the options of its own provider and leaves those of others', () => {
    const { body, warnings } = encodeAll({ providerOptions: { acme: { gateway: { order: ['a'] } }, other: { x: 1 } } });
    expect(body['providerOptions']).toEqual({ gateway: { order: ['a'] } });
    expect(warnings).toEqual([]);
  });
});
