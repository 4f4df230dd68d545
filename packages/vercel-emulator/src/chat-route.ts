import { chatCompletion } from './chat-completion.js';
import { chatFrames } from './chat-frames.js';
import { parseChatRequest } from './chat-request.js';
import { completionRoute } from './completion-route.js';

/** OpenAI's chat completions as Vercel AI Gateway has them. */
export const chatRoute = completionRoute({
  path: /^\/v1\/chat\/completions$/,
  parse({ body }) {
    const chat = parseChatRequest(body);
    return { body: chat, chat };
  },
  whole: chatCompletion,
  frames: chatFrames,
});
