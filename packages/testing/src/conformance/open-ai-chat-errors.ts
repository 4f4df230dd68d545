import type { FailureClass } from '@headrace/core/plugin';
import { type ChatErrorDetail, chatError } from '../chat/chat-reply.js';
import type { DialectError } from './dialect.js';

const refusal = (
  name: string,
  status: number,
  failureClass: FailureClass,
  message: string,
  detail: ChatErrorDetail,
): DialectError => ({
  name,
  status,
  failureClass,
  reply: {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(chatError(status, message, detail)),
  },
});

/** Refusals of OpenAI's form whose code says more than their status. Source: https://platform.openai.com/docs/guides/error-codes */
export const openAiChatErrors: readonly DialectError[] = [
  refusal('context_length_exceeded', 400, 'context-length', 'The input is too long for this model.', {
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
  }),
  refusal('insufficient_quota', 429, 'quota', 'You exceeded your current quota.', {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  }),
];
