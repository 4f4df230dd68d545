import type { JsonObject } from '@headrace/core/plugin';
import { chatIdentity, FINGERPRINT, reasoningDetail, routingRecord } from './chat-frames.js';
import { type ChatAnswerParts, finishWord, joinedArguments } from './chat-stream.js';
import { chatUsage } from './chat-usage.js';

/** The body of a whole chat answer, as recorded from Vercel AI Gateway. Send it with `reply(200, chatReply({ … }))`. */
export const chatReply = (answer: ChatAnswerParts): JsonObject => {
  const identity = chatIdentity(answer);
  const { text = [], reasoning = [], toolCalls = [], usage, costUsd } = answer;
  const thought = reasoning.join('');
  const message: JsonObject = {
    role: 'assistant',
    content: text.length === 0 && toolCalls.length > 0 ? null : text.join(''),
    ...(thought === '' ? {} : { reasoning: thought, reasoning_details: [reasoningDetail(thought)] }),
    ...(toolCalls.length === 0
      ? {}
      : {
          tool_calls: toolCalls.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: joinedArguments(call) },
          })),
        }),
    provider_metadata: routingRecord(identity, costUsd),
  };
  return {
    id: identity.id,
    object: 'chat.completion',
    created: identity.created,
    model: identity.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishWord(answer) }],
    ...(usage === undefined ? {} : { usage: chatUsage(usage, costUsd) }),
    system_fingerprint: FINGERPRINT,
    generationId: identity.id,
  };
};

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'insufficient_funds',
  403: 'forbidden',
  404: 'model_not_found',
  424: 'failed_dependency',
  429: 'rate_limit_exceeded',
  500: 'internal_server_error',
  503: 'service_unavailable_error',
};

/** What an error body says beside its message. */
export interface ChatErrorDetail {
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

/** The body of a refusal, with the upstream's error type for this status unless `detail` names another. */
export const chatError = (status: number, message: string, detail: ChatErrorDetail = {}): JsonObject => ({
  error: { message, type: ERROR_TYPES[status] ?? 'error', ...detail },
});
