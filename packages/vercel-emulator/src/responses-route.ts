import { invalidRequest } from './api-error.js';
import type { ChatMessage } from './chat-request.js';
import { completionRoute } from './completion-route.js';
import type { ResponseStore } from './response-store.js';
import { type AskedResponse, responsesBody, responsesError } from './responses-body.js';
import { inputMessages, responsesAsChat, responsesWarnings } from './responses-chat.js';
import { responsesFrames } from './responses-frames.js';
import { parseResponsesRequest } from './responses-request.js';

/** The turns before this one. Instructions are not among them: each request has its own. */
function earlierTurns(id: string | null | undefined, responses: ResponseStore): readonly ChatMessage[] {
  if (id === undefined || id === null) return [];
  const turns = responses.find(id);
  if (turns !== undefined) return turns;
  throw invalidRequest(
    `Previous response with id '${id}' not found`,
    'previous_response_id',
    'previous_response_not_found',
  );
}

/** OpenAI's Responses, which is also OpenResponses. */
export const responsesRoute = completionRoute<AskedResponse>({
  path: /^\/v1\/responses$/,
  errorBody: responsesError,
  parse({ body }, { responses }) {
    const request = parseResponsesRequest(body);
    const conversation = [...earlierTurns(request.previous_response_id, responses), ...inputMessages(request)];
    const remember = (id: string, answered: readonly ChatMessage[]): void => {
      if (request.store !== false) responses.add(id, [...conversation, ...answered]);
    };
    const chat = responsesAsChat(request, conversation);
    return { body: { request, remember }, chat, warnings: responsesWarnings(request) };
  },
  whole: responsesBody,
  frames: responsesFrames,
});
