/**
 * What providers share below the contract: one HTTP attempt, a reader of server-sent events, a codec of OpenAI-style chat.
 * @packageDocumentation
 */

export { ChatReplyDecoder } from './chat/chat-reply-decoder.js';
export { type ChatDecoderOptions, ChatStreamDecoder } from './chat/chat-stream-decoder.js';
export { usageSoFar } from './chat/decode-usage.js';
export { type ChatRequestOptions, type EncodedChatRequest, encodeChatRequest } from './chat/encode-chat-request.js';
export type { BodyDecoder, HttpAnswer } from './http/body-decoder.js';
export { type HttpHandlers, type HttpRequest, httpCall } from './http/http-call.js';
export { httpJson } from './http/http-json.js';
export { HttpSession, type HttpSessionOptions } from './http/http-session.js';
export { headerOf } from './http/received-answer.js';
export { retryAfterMs } from './http/retry-after.js';
export { type FrameHandler, SseReader, type SseReaderOptions } from './sse/sse-reader.js';
