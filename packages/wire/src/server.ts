/**
 * The server's side of the OpenAI-style chat codec: requests in, answers out. An entry of its own, because providers
 * never need it and every process waits for what an entry loads.
 * @packageDocumentation
 */

export {
  type DecodeChatRequestOptions,
  type DecodedChatRequest,
  decodeChatRequest,
} from './chat/decode-chat-request.js';
export { type ChatReplyOptions, encodeChatReply } from './chat/encode-chat-reply.js';
export { ChatStreamEncoder, type ChatStreamEncoderOptions } from './chat/encode-chat-stream.js';
