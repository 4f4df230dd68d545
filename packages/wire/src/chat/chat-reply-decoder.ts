import { type GatewayError, MalformedResponseError, type StreamEvent } from '@headrace/core/plugin';
import type { BodyDecoder } from '../http/body-decoder.js';
import { Utf8Text } from '../http/utf8-text.js';
import { ChatAnswer, notAnAnswer } from './chat-answer.js';
import type { ChatDecoderOptions } from './chat-stream-decoder.js';
import { isObject, type WireObject } from './json-object.js';

/**
 * Decodes a whole chat completion into the events its stream would have made, all in `end()`. The HTTP call bounds
 * the bytes. An answer without a finish reason is a `StreamInterruptedError`.
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
    const reply = parseReply(this.#text + this.#decoder.end());
    this.#text = '';
    const answer = new ChatAnswer('message', this.#options);
    const choices = reply['choices'];
    if (reply['error']) throw this.#options.inBandError(reply['error'], reply);
    if (!Array.isArray(choices)) throw notAnAnswer('it has no choices');
    if (choices.length === 0) throw notAnAnswer('its list of choices is empty');
    answer.take(reply, events);
    if (!answer.isFinished) throw answer.interrupted('The answer ended');
    answer.finish([], events);
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

const isWhole = (text: string): boolean => {
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
};

const parseReply = (text: string): WireObject => {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let reply: unknown;
  try {
    reply = JSON.parse(body);
  } catch {
    throw unreadable(body);
  }
  if (!isObject(reply)) throw notAnAnswer('it is JSON, but not an object');
  return reply;
};

/** Says what came instead, without quoting it: it may hold what the model said. */
const unreadable = (body: string): MalformedResponseError => {
  const start = body.slice(0, 256).trimStart();
  if (start === '') return notAnAnswer('the body is empty');
  if (start.startsWith('<'))
    return notAnAnswer(
      'an HTML page came instead of JSON; the base URL is probably wrong (a missing /v1, for example)',
    );
  if (/^(data|event|id|retry)?:/.test(start)) return notAnAnswer('an event stream came instead of JSON');
  if (start.startsWith('{')) return notAnAnswer(`the JSON is broken or cut off (${body.length} characters came)`);
  return notAnAnswer(`the body is not JSON (${body.length} characters came)`);
};
