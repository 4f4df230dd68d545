import { FrameStreamDecoder } from '../reply/frame-stream-decoder.js';
import { MessagesAnswer, type MessagesDecoderOptions } from './messages-answer.js';

/**
 * Decodes the event stream of a message.
 *
 * - `message_stop` is the only proof that the answer is whole: an end of input without it, be it after a stop reason, is a
 *   `StreamInterruptedError`, and so is a `message_stop` without a stop reason.
 * - `error` becomes what `inBandError` makes of it; `ping` says nothing; a frame of a type that is not known is a `raw`
 *   event, as the upstream asks of its clients.
 *
 * Source: https://platform.claude.com/docs/en/build-with-claude/streaming
 */
export class MessagesStreamDecoder extends FrameStreamDecoder {
  constructor(options: MessagesDecoderOptions) {
    super(new MessagesAnswer(options), options);
  }
}
