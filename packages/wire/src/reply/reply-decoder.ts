import {
  type GatewayError,
  type JsonObject,
  MalformedResponseError,
  type ModelResult,
  type ResponseEndEvent,
  type StreamEvent,
  StreamInterruptedError,
  type UpstreamDetail,
  type Warning,
} from '@headrace/core/plugin';
import { AnswerMetadata } from '../chat/answer-metadata.js';
import type { DecodedUsage } from '../chat/decode-usage.js';
import { nonEmptyString, type WireObject } from '../chat/json-object.js';
import type { BodyDecoder } from '../http/body-decoder.js';
import { isWhole, parseReply } from './parse-reply.js';

export interface ReplyDecoderOptions {
  /** Told at once of what was dropped or changed. */
  warn(warning: Warning): void;
  /** The error for an error object inside an answer of status 200; `reply` is the object it was found in. */
  inBandError(error: unknown, reply?: WireObject): GatewayError;
  /** Where the upstream's id of the answer is, when it is not its `id` or `generationId`. */
  responseId?(metadata: JsonObject): string | undefined;
  /** What an answer that is not as its protocol says tells of itself nevertheless, such as its cost. */
  detail?(metadata: JsonObject): UpstreamDetail;
}

/** What the answer to one kind of request says. */
export interface DecodedReply extends DecodedUsage, Pick<ResponseEndEvent, 'units'> {
  readonly result: ModelResult;
}

/** One kind of answer. */
export interface ReplyKind {
  /** Behind "The upstream's answer is not". */
  readonly name: string;
  /** The model as asked, for upstreams that do not name it. */
  readonly model: string;
  /** @param fault makes the error for a reply that is not as the protocol says. */
  decode(reply: WireObject, fault: (why: string) => MalformedResponseError): DecodedReply;
}

/**
 * Decodes an answer that comes whole, all in `end()`: a `response-start` where the upstream gave an id, and the
 * `response-end` with its result. The HTTP call bounds the bytes.
 */
export class ReplyDecoder implements BodyDecoder {
  readonly #kind: ReplyKind;
  readonly #options: ReplyDecoderOptions;
  /** Not a text that grows: vectors and images come to many megabytes. */
  #chunks: Uint8Array[] = [];

  constructor(kind: ReplyKind, options: ReplyDecoderOptions) {
    this.#kind = kind;
    this.#options = options;
  }

  write(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
  }

  end(events: StreamEvent[]): void {
    const { name, model } = this.#kind;
    const metadata = new AnswerMetadata();
    const fault = (why: string): MalformedResponseError => {
      const told = metadata.value();
      const upstream = told === undefined ? undefined : this.#options.detail?.(told);
      return new MalformedResponseError(`The upstream's answer is not ${name}: ${why}.`, { upstream });
    };
    const reply = parseReply(this.#text(), fault);
    this.#chunks = [];
    if (reply['error']) throw this.#options.inBandError(reply['error'], reply);
    metadata.readFrame(reply);
    const providerMetadata = metadata.value();
    const { result, usage, cost, units } = this.#kind.decode(reply, fault);
    const responseId =
      nonEmptyString(reply['id']) ??
      nonEmptyString(reply['generationId']) ??
      (providerMetadata === undefined ? undefined : this.#options.responseId?.(providerMetadata));
    if (responseId !== undefined)
      events.push({ type: 'response-start', responseId, model: nonEmptyString(reply['model']) ?? model });
    events.push({
      type: 'response-end',
      reason: 'stop',
      rawReason: '',
      ...(usage === undefined ? {} : { usage }),
      ...(cost === undefined ? {} : { cost }),
      ...(units === undefined ? {} : { units }),
      ...(providerMetadata === undefined ? {} : { providerMetadata }),
      result,
    });
  }

  broken(cause: unknown): GatewayError | undefined {
    const text = this.#text();
    // A connection may break between the last byte and its proof; a body that parses was whole.
    if (isWhole(text)) return undefined;
    return new StreamInterruptedError(`The connection broke after ${text.length} characters of the body.`, { cause });
  }

  #text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
