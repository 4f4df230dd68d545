import { ApiError, modelNotFound } from './api-error.js';
import { completionRoute } from './completion-route.js';
import { messagesBody, messagesError } from './messages-body.js';
import { countedAsChat, messagesAsChat, messagesWarnings } from './messages-chat.js';
import { messagesFrames } from './messages-frames.js';
import { parseCountedMessages, parseMessagesRequest } from './messages-request.js';
import { promptTokens } from './prompt-tokens.js';
import { jsonReply } from './reply.js';
import type { Route } from './route.js';

const FIELD_NAMES = new Map([
  ['stop', 'stop_sequences'],
  ['reasoning', 'thinking'],
]);

/** Anthropic's Messages, for the models of every maker. */
export const messagesRoute = completionRoute({
  path: /^\/v1\/messages$/,
  takesApiKeyHeader: true,
  errorBody: messagesError,
  fieldNames: FIELD_NAMES,
  parse({ body }) {
    const request = parseMessagesRequest(body);
    return { body: request, chat: messagesAsChat(request), warnings: messagesWarnings(request) };
  },
  whole: messagesBody,
  frames: messagesFrames,
});

/** Anthropic counts, whatever model is named; so it knows its own models only. Nothing is paid for it. */
export const countTokensRoute: Route = {
  method: 'POST',
  path: /^\/v1\/messages\/count_tokens$/,
  needsCredential: true,
  takesApiKeyHeader: true,
  errorBody: messagesError,
  async answer({ body }, state) {
    const request = countedAsChat(parseCountedMessages(body));
    const model = (await state.catalogue()).find(request.model);
    if (model === undefined) throw modelNotFound(request.model);
    if (model.creator !== 'anthropic') {
      throw new ApiError(404, { type: 'not_found_error', message: `model: ${request.model}` });
    }
    return jsonReply(200, { input_tokens: promptTokens(request) });
  },
};
