import { WholeAnswerDecoder } from '../reply/whole-answer-decoder.js';
import { MessagesAnswer, type MessagesDecoderOptions } from './messages-answer.js';
import { notAMessage } from './not-a-message.js';

/** Decodes a whole message. */
export class MessagesReplyDecoder extends WholeAnswerDecoder {
  constructor(options: MessagesDecoderOptions) {
    super({
      open: () => new MessagesAnswer(options),
      fault: notAMessage,
      check: (reply) => {
        const { type, error, content } = reply;
        if (type === 'error' || error) throw options.inBandError(error ?? reply, reply);
        if (!Array.isArray(content)) throw notAMessage('it has no content');
      },
    });
  }
}
