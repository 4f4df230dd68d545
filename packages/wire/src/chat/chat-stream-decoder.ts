import { FrameStreamDecoder } from '../reply/frame-stream-decoder.js';
import { ChatAnswer, type ChatAnswerOptions } from './chat-answer.js';

export interface ChatDecoderOptions extends ChatAnswerOptions {
  /** Longest SSE frame, in characters. Default 16 Mi. Whole answers are bounded by the HTTP call instead. */
  readonly maxFrameChars?: number;
  /** Hears of each comment in a stream up to its end mark. */
  readonly onComment?: ((text: string) => void) | undefined;
}

/**
 * Decodes the event stream of an OpenAI-style chat completion, which ends with `[DONE]` or with the input.
 *
 * - A JSON frame with nothing known in it becomes a `raw` event.
 * - A refusal is delivered as text, with the warning `refusal`; a finish reason `stop` then reads `content-filter`.
 */
export class ChatStreamDecoder extends FrameStreamDecoder {
  constructor(options: ChatDecoderOptions) {
    super(new ChatAnswer('delta', options), options, '[DONE]');
  }
}
