import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateText, isStepCount, streamText, tool } from 'ai';
import { z } from 'zod';
import { createHeadrace } from '../../../packages/ai-sdk/dist/index.js';
import { createGateway, type JsonObject, type JsonValue } from '../../../packages/core/dist/index.js';
import { anthropic } from '../../../packages/provider-anthropic/dist/index.js';
import { reply, startUpstream, type UpstreamScript, write } from '../../../packages/testing/dist/index.js';
import { messagesIn } from './connect.ts';

const tools = {
  weather: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `clear in ${city}` }),
};

/** Thinking between the texts: only in this order, and with these signatures, does the API take it back. */
const BLOCKS = [
  { type: 'thinking', thinking: 'Where?', signature: 'c2lnbmF0dXJlLW9uZQ==' },
  { type: 'text', text: 'I look.' },
  { type: 'redacted_thinking', data: 'cmVkYWN0ZWQ=' },
  { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bonn' } },
] as const;

const message = (content: readonly JsonObject[], stop: string | null): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5',
  content,
  stop_reason: stop,
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
});

const frames = (content: readonly JsonObject[], stop: string): UpstreamScript => {
  const deltas = (block: JsonObject): JsonValue[] => {
    if (block['type'] === 'thinking')
      return [
        { type: 'thinking_delta', thinking: block['thinking'] },
        { type: 'signature_delta', signature: block['signature'] },
      ];
    if (block['type'] === 'text') return [{ type: 'text_delta', text: block['text'] }];
    if (block['type'] === 'tool_use')
      return [{ type: 'input_json_delta', partial_json: JSON.stringify(block['input']) }];
    return [];
  };
  const empty = { thinking: '', signature: '', text: '', input: {} };
  const begun = (block: JsonObject) =>
    Object.fromEntries(
      Object.entries(block).map(([name, value]) => [name, name in empty ? empty[name as 'text'] : value]),
    );
  const events = [
    { type: 'message_start', message: message([], null) },
    ...content.flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: begun(block) },
      ...deltas(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 1 } },
    { type: 'message_stop' },
  ];
  return events.map((event) => write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
};

const ANSWER = [{ type: 'text', text: 'Clear.' }] as const;

const overMessages = async (...scripts: readonly UpstreamScript[]) => {
  const upstream = await startUpstream(...scripts);
  const provider = anthropic({ apiKey: 'a-key', baseUrl: upstream.url, catalogue: { refresh: false } });
  const gateway = createGateway({ providers: [provider] });
  return {
    upstream,
    model: createHeadrace(gateway)('anthropic:claude-haiku-4-5'),
    async [Symbol.asyncDispose]() {
      await gateway.dispose();
      await upstream.close();
    },
  };
};

const asked = { prompt: 'How is Bonn?', tools, stopWhen: isStepCount(2) };

const checkReplay = (json: unknown): void => {
  const [, assistant] = messagesIn(json);
  assert.deepEqual(assistant, { role: 'assistant', content: BLOCKS });
};

describe('ai: signed thinking between steps, through @headrace/ai-sdk and the Messages API', () => {
  it('goes back in its order with its signatures from a whole answer', async () => {
    await using setting = await overMessages(
      reply(200, message(BLOCKS, 'tool_use')),
      reply(200, message(ANSWER, 'end_turn')),
    );
    const { text, steps } = await generateText({ model: setting.model, ...asked });
    assert.equal(text, 'Clear.');
    assert.equal(steps[0]?.reasoningText, 'Where?');
    checkReplay((await setting.upstream.waitForRequest(2)).json);
  });

  it('goes back so from a stream', async () => {
    await using setting = await overMessages(frames(BLOCKS, 'tool_use'), frames(ANSWER, 'end_turn'));
    const result = streamText({ model: setting.model, ...asked });
    assert.equal(await result.text, 'Clear.');
    checkReplay((await setting.upstream.waitForRequest(2)).json);
  });
});
