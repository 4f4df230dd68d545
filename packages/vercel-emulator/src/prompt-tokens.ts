import type { ChatMessage, ChatRequest } from './chat-request.js';
import { textOf } from './prompt-reading.js';
import { countTokens } from './token-count.js';

const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_ATTACHMENT = 258;

export function messageTokens(message: ChatMessage): number {
  const attachments = Array.isArray(message.content)
    ? message.content.filter((part) => part.type !== 'text').length
    : 0;
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  return (
    TOKENS_PER_MESSAGE +
    countTokens(textOf(message.content)) +
    attachments * TOKENS_PER_ATTACHMENT +
    calls.reduce((sum, call) => sum + countTokens(call.function.name + call.function.arguments), 0)
  );
}

/** Tokens of a request by the emulator's estimate: texts, 4 for each message, 258 for each attachment, tool definitions. */
export function promptTokens(request: ChatRequest): number {
  const messages = request.messages.reduce((sum, message) => sum + messageTokens(message), 0);
  const tools = (request.tools ?? []).reduce((sum, tool) => sum + countTokens(JSON.stringify(tool.function)), 0);
  return messages + tools;
}
