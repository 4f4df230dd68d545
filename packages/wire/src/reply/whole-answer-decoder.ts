import type { GatewayError, MalformedResponseError, StreamEvent } from '@headrace/core/plugin';
import type { WireObject } from '../chat/json-object.js';
import type { BodyDecoder } from '../http/body-decoder.js';
import { Utf8Text } from '../http/utf8-text.js';
import type { AnswerAssembly } from './answer-assembly.js';
import { isWhole, parseReply } from './parse-reply.js';

export interface WholeAnswerOptions {
  /** What reads the answer. */
  open(): AnswerAssembly;
  /** The error for a body that is not as the dialect says. */
  fault(why: string): MalformedResponseError;
  /** Looks at the answer before it is read. @throws GatewayError */
  check?(reply: WireObject): void;
}

/**
 * Decodes a whole answer into the events its stream would have made, all in `end()`, or none: what is not whole can be
 * asked for again. The HTTP call bounds the bytes. An answer that does not say how it ended is a `StreamInterruptedError`.
 */
export class WholeAnswerDecoder implements BodyDecoder {
  readonly #options: WholeAnswerOptions;
  readonly #decoder = new Utf8Text();
  #text = '';

  constructor(options: WholeAnswerOptions) {
    this.#options = options;
  }

  write(bytes: Uint8Array, _events: StreamEvent[]): void {
    this.#text += this.#decoder.write(bytes);
  }

  end(events: StreamEvent[]): void {
    const options = this.#options;
    const reply = parseReply(this.#text + this.#decoder.end(), (why) => options.fault(why));
    this.#text = '';
    options.check?.(reply);
    const answer = options.open();
    const made: StreamEvent[] = [];
    answer.take(reply, made);
    if (!answer.isFinished) throw answer.interrupted('The answer ended');
    answer.finish([], made);
    events.push(...made);
  }

  broken(cause: unknown): GatewayError | undefined {
    // A connection may break between the last byte and its proof; a body that parses was whole.
    if (isWhole(this.#text)) return undefined;
    const how = `The connection broke after ${this.#text.length} characters of the body,`;
    return this.#options.open().interrupted(how, cause);
  }
}
