/**
 * The codec of the Anthropic Messages dialect: requests out, answers in. An entry of its own, because most processes speak
 * one dialect and every process waits for what an entry loads.
 * @packageDocumentation
 */

export { messagesUsageSoFar } from './messages/decode-messages-usage.js';
export {
  type EncodedMessagesRequest,
  encodeMessagesRequest,
  type MessagesRequestOptions,
} from './messages/encode-messages-request.js';
export type { ThinkingForm } from './messages/encode-thinking.js';
export type { MessagesDecoderOptions } from './messages/messages-answer.js';
export { MessagesReplyDecoder } from './messages/messages-reply-decoder.js';
export { MessagesStreamDecoder } from './messages/messages-stream-decoder.js';
