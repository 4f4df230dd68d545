import { ChatFrames } from '../chat/chat-frames.js';
import { chatError, chatReply } from '../chat/chat-reply.js';
import { type ChatToolCall, chatStreamParts } from '../chat/chat-stream.js';
import type { Dialect, DialectToolCall, RenderedReply } from './dialect.js';

const STREAM = { 'content-type': 'text/event-stream' };
const JSON_BODY = { 'content-type': 'application/json' };

const chatToolCalls = (calls: readonly DialectToolCall[]): readonly ChatToolCall[] =>
  calls.map(({ id, name, argumentsJson }) => ({ id, name, arguments: argumentsJson }));

const json = (value: unknown): RenderedReply => ({ headers: JSON_BODY, body: JSON.stringify(value) });

/**
 * OpenAI chat completions, in the shape recorded from Vercel AI Gateway; for providers that do more, OpenAI embeddings and
 * images, and rankings in Cohere's form.
 */
export const openAiChatDialect: Dialect = {
  name: 'openai-chat',
  textStream: (text, usage) => ({ headers: STREAM, ...chatStreamParts({ text, usage }) }),
  wholeText: (text, usage) => ({ headers: JSON_BODY, body: JSON.stringify(chatReply({ text: [text], usage })) }),
  toolCallStream: (calls, usage) => ({
    headers: STREAM,
    ...chatStreamParts({ toolCalls: chatToolCalls(calls), usage }),
  }),
  wholeToolCalls: (calls, usage) => ({
    headers: JSON_BODY,
    body: JSON.stringify(chatReply({ toolCalls: chatToolCalls(calls), usage })),
  }),
  errorBody: (status, message) => ({ headers: JSON_BODY, body: JSON.stringify(chatError(status, message)) }),
  inBandError: (message) => new ChatFrames().error({ code: 'error', message, type: 'internal_server_error' }),
  malformedFrame: 'data: {"id":"gen_01K00000000000000000000000","choices":[{"delta":\n\n',
  keepAlive: ': still here\n\n',
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
