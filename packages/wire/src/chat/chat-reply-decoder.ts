import type { GatewayError, StreamEvent } from '@headrace/core/plugin';
import type { BodyDecoder } from '../http/body-decoder.js';
import { Utf8Text } from '../http/utf8-text.js';
import { isWhole, parseReply } from '../reply/parse-reply.js';
import { ChatAnswer, notAnAnswer } from './chat-answer.js';
import type { ChatDecoderOptions } from './chat-stream-decoder.js';

/**
 * Decodes a whole chat completion into the events its stream would have made, all in `end()`, or none: what is not whole
 * can be asked for again. The HTTP call bounds the bytes. An answer without a finish reason is a `StreamInterruptedError`.
 */
export class ChatReplyDecoder implements BodyDecoder {
  readonly #options: ChatDecoderOptions;
  readonly #decoder = new Utf8Text();
  #text = '';

  constructor(options: ChatDecoderOptions) {
    this.#options = options;
  }

  write(bytes: Uint8Array, _events: StreamEvent[]): void {
    this.#text += this.#decoder.write(bytes);
  }

  end(events: StreamEvent[]): void {
    const reply = parseReply(this.#text + this.#decoder.end(), notAnAnswer);
    this.#text = '';
    const answer = new ChatAnswer('message', this.#options);
    const choices = reply['choices'];
    if (reply['error']) throw this.#options.inBandError(reply['error'], reply);
    if (!Array.isArray(choices)) throw notAnAnswer('it has no choices');
    if (choices.length === 0) throw notAnAnswer('its list of choices is empty');
    const made: StreamEvent[] = [];
    answer.take(reply, made);
    if (!answer.isFinished) throw answer.interrupted('The answer ended');
    answer.finish([], made);
    events.push(...made);
  }

  broken(cause: unknown): GatewayError | undefined {
    // A connection may break between the last byte and its proof; a body that parses was whole.
    if (isWhole(this.#text)) return undefined;
    return new ChatAnswer('message', this.#options).interrupted(
      `The connection broke after ${this.#text.length} characters of the body,`,
      cause,
    );
  }
}
