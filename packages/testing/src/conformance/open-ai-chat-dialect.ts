import { ChatFrames } from '../chat/chat-frames.js';
import { chatError, chatReply } from '../chat/chat-reply.js';
import { type ChatToolCall, chatStreamParts } from '../chat/chat-stream.js';
import type { Dialect, DialectReasoning, DialectToolCall, RenderedReply, RenderedStream } from './dialect.js';
import { openAiChatErrors } from './open-ai-chat-errors.js';

const STREAM = { 'content-type': 'text/event-stream' };
const JSON_BODY = { 'content-type': 'application/json' };

const chatToolCalls = (calls: readonly DialectToolCall[]): readonly ChatToolCall[] =>
  calls.map(({ id, name, argumentsJson }) => ({ id, name, arguments: argumentsJson }));

const json = (value: unknown): RenderedReply => ({ headers: JSON_BODY, body: JSON.stringify(value) });

const interleaved = (calls: readonly DialectToolCall[]): readonly string[] => {
  const frames = new ChatFrames();
  const longest = Math.max(...calls.map(({ argumentsJson }) => argumentsJson.length));
  const turns = Array.from({ length: longest }, (_turn, turn) =>
    calls.flatMap(({ argumentsJson }, index) => {
      const fragment = argumentsJson[turn];
      return fragment === undefined ? [] : [frames.toolCallArguments(index, fragment)];
    }),
  );
  return [frames.role(), ...calls.map(({ id, name }, index) => frames.toolCallStart(index, id, name)), ...turns.flat()];
};

const withoutIds = ({ content, ...rest }: Omit<RenderedStream, 'headers'>): RenderedStream => ({
  headers: STREAM,
  content: content.map((frame) => frame.replace(/"id":"call_[^"]*",/, '')),
  ...rest,
});

const reasoningStream = ({ reasoning, signature, text, usage }: DialectReasoning): RenderedStream => {
  const frames = new ChatFrames();
  const { content, proof } = chatStreamParts({ reasoning, text, usage });
  const thought = 1 + reasoning.length;
  return {
    headers: STREAM,
    content: [...content.slice(0, thought), frames.reasoningSignature(signature), ...content.slice(thought)],
    proof,
  };
};

const wholeReasoning = ({ reasoning, signature, text, usage }: DialectReasoning): RenderedReply => {
  const body = JSON.stringify(chatReply({ reasoning, text, usage }));
  return {
    headers: JSON_BODY,
    body: body.replace('"type":"reasoning.text"', `"type":"reasoning.text","signature":${JSON.stringify(signature)}`),
  };
};

/**
 * OpenAI chat completions, in the shape recorded from Vercel AI Gateway; for providers that do more, OpenAI embeddings and
 * images, and rankings in Cohere's form.
 */
export const openAiChatDialect: Dialect = {
  name: 'openai-chat',
  textStream: (text, usage, finish) => ({
    headers: STREAM,
    ...chatStreamParts({ text, usage, ...(finish === undefined ? {} : { finish }) }),
  }),
  wholeText: (text, usage, finish) =>
    json(chatReply({ text: [text], usage, ...(finish === undefined ? {} : { finish }) })),
  endings: { stop: 'stop', length: 'length', content_filter: 'content-filter', out_of_ink: 'unknown' },
  toolCallStream: (calls, usage) => ({
    headers: STREAM,
    ...chatStreamParts({ toolCalls: chatToolCalls(calls), usage }),
  }),
  wholeToolCalls: (calls, usage) => json(chatReply({ toolCalls: chatToolCalls(calls), usage })),
  interleavedToolCalls: (calls, usage) => ({
    headers: STREAM,
    content: interleaved(calls),
    proof: chatStreamParts({ toolCalls: chatToolCalls(calls), usage }).proof,
  }),
  toolCallsWithoutIds: (calls, usage) => withoutIds(chatStreamParts({ toolCalls: chatToolCalls(calls), usage })),
  textStreamWithoutUsage: (text) => ({ headers: STREAM, ...chatStreamParts({ text }) }),
  reasoningStream,
  wholeReasoning,
  errorBody: (status, message) => json(chatError(status, message)),
  inBandError: (message) => new ChatFrames().error({ code: 'error', message, type: 'internal_server_error' }),
  malformedFrame: 'data: {"id":"gen_01K00000000000000000000000","choices":[{"delta":\n\n',
  unknownFrame: 'data: {"object":"chat.weather","wind":4}\n\n',
  errors: openAiChatErrors,
  keepAlive: ': still here\n\n',
  models: (ids) =>
    json({ object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 0, owned_by: 'acme' })) }),
  embeddings: (vectors, { input = 0 }) =>
    json({
      object: 'list',
      data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      usage: { prompt_tokens: input, total_tokens: input },
    }),
  ranking: (ranking) =>
    json({ id: 'gen_1', results: ranking.map(([index, score]) => ({ index, relevance_score: score })) }),
  images: (images) => json({ data: images.map((bytes) => ({ b64_json: Buffer.from(bytes).toString('base64') })) }),
};
