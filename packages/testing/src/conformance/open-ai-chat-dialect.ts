import { ChatFrames } from '../chat/chat-frames.js';
import { chatError, chatReply } from '../chat/chat-reply.js';
import { type ChatToolCall, chatStreamParts } from '../chat/chat-stream.js';
import type { Dialect, DialectToolCall } from './dialect.js';

const STREAM = { 'content-type': 'text/event-stream' };
const JSON_BODY = { 'content-type': 'application/json' };

const chatToolCalls = (calls: readonly DialectToolCall[]): readonly ChatToolCall[] =>
  calls.map(({ id, name, argumentsJson }) => ({ id, name, arguments: argumentsJson }));

/** OpenAI chat completions, in the shape recorded from Vercel AI Gateway. */
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
};
