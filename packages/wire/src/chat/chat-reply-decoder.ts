import { WholeAnswerDecoder } from '../reply/whole-answer-decoder.js';
import { ChatAnswer } from './chat-answer.js';
import type { ChatDecoderOptions } from './chat-stream-decoder.js';
import { notAnAnswer } from './not-an-answer.js';

/** Decodes a whole chat completion. */
export class ChatReplyDecoder extends WholeAnswerDecoder {
  constructor(options: ChatDecoderOptions) {
    super({
      open: () => new ChatAnswer('message', options),
      fault: notAnAnswer,
      check: (reply) => {
        const { error, choices } = reply;
        if (error) throw options.inBandError(error, reply);
        if (!Array.isArray(choices)) throw notAnAnswer('it has no choices');
        if (choices.length === 0) throw notAnAnswer('its list of choices is empty');
      },
    });
  }
}
