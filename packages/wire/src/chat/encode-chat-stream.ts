import type {
  CitationEvent,
  FileEvent,
  GatewayError,
  JsonObject,
  ReasoningDeltaEvent,
  ResponseEndEvent,
  StreamEvent,
  ToolCallDeltaEvent,
  ToolCallEndEvent,
  ToolCallStartEvent,
} from '@headrace/core/plugin';
import { encodeAnswerImage } from './encode-media.js';
import { encodeMetadata } from './encode-metadata.js';
import { encodeUsage } from './encode-usage.js';
import { finishWord } from './finish-reason.js';

export interface ChatStreamEncoderOptions {
  /** Seconds since the Unix epoch. Default: now. */
  readonly created?: number;
  /** Send usage, in a chunk of its own after the finish, as `stream_options.include_usage` asks. Default true. */
  readonly includeUsage?: boolean;
}

/** The item of `annotations` for a citation; undefined for a passage of a document, which the dialect has no form for. */
export const encodeCitation = ({ url, title }: CitationEvent): JsonObject | undefined =>
  url === undefined
    ? undefined
    : { type: 'url_citation', url_citation: title === undefined ? { url } : { url, title } };

const AFTER_DELTA = ',"logprobs":null,"finish_reason":null}]}\n\n';

/**
 * Writes the events of one answer as the server-sent events of an OpenAI-style chat completion. `[DONE]` comes with
 * `response-end` and never otherwise, so a client can tell a whole answer from a broken one. Events without a place
 * in the dialect are left out: `warning`, `raw`, `tool-result`, files that are no images, and citations without an address.
 */
export class ChatStreamEncoder {
  readonly #created: number;
  readonly #includeUsage: boolean;
  readonly #argumentsSent = new Set<number>();
  readonly #callsStarted = new Set<number>();
  #envelope: JsonObject;
  #beforeDelta: string;
  #details: readonly JsonObject[] | undefined;

  constructor(options: ChatStreamEncoderOptions = {}) {
    this.#created = options.created ?? Math.floor(Date.now() / 1000);
    this.#includeUsage = options.includeUsage ?? true;
    this.#envelope = this.#envelopeOf('', '');
    this.#beforeDelta = beforeDelta(this.#envelope);
  }

  /** The text of the chunks for these events; empty when none of them has a place in the dialect. */
  encode(events: readonly StreamEvent[]): string {
    let text = '';
    for (const event of events) {
      if (event.type === 'text-delta')
        text += `${this.#beforeDelta}{"content":${JSON.stringify(event.text)}}${AFTER_DELTA}`;
      else text += this.#encodeOne(event);
    }
    return text;
  }

  /** The frame that tells a client of a failure after the answer began. No `[DONE]` follows. */
  fail(error: GatewayError): string {
    return frame({
      ...this.#envelope,
      error: {
        message: error.message,
        type: error.failureClass,
        param: error.upstream?.param ?? null,
        code: error.code,
        // The status line of this stream said 200; clients read the failure's own from here.
        ...(error.upstream?.status === undefined ? {} : { status: error.upstream.status }),
      },
    });
  }

  #encodeOne(event: StreamEvent): string {
    switch (event.type) {
      case 'response-start':
        this.#envelope = this.#envelopeOf(event.responseId, event.model);
        this.#beforeDelta = beforeDelta(this.#envelope);
        return this.#delta({ role: 'assistant' });
      case 'text-delta':
        return this.#delta({ content: event.text });
      case 'reasoning-delta':
        return this.#reasoning(event);
      case 'tool-call-start':
        return this.#toolCallStart(event);
      case 'tool-call-delta':
        return this.#toolCallDelta(event);
      case 'tool-call-end':
        return this.#toolCallEnd(event);
      case 'file':
        return this.#file(event);
      case 'citation': {
        const annotation = encodeCitation(event);
        return annotation === undefined ? '' : this.#delta({ annotations: [annotation] });
      }
      case 'response-end':
        return this.#end(event);
      case 'tool-result':
      case 'warning':
      case 'raw':
        return '';
    }
  }

  #reasoning(event: ReasoningDeltaEvent): string {
    // Each event carries all details so far; a client adds up what it gets, so they go out once, at the end.
    if (event.details !== undefined) this.#details = event.details;
    return event.text === '' ? '' : this.#delta({ reasoning: event.text });
  }

  #toolCallStart({ index, id, name }: ToolCallStartEvent): string {
    this.#callsStarted.add(index);
    return this.#delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
  }

  #toolCallDelta({ index, argumentsJson }: ToolCallDeltaEvent): string {
    if (argumentsJson === '') return '';
    this.#argumentsSent.add(index);
    return this.#delta({ tool_calls: [{ index, function: { arguments: argumentsJson } }] });
  }

  /** Says only what the events before it left out: a provider may tell a call by its end alone. */
  #toolCallEnd({ index, id, name, argumentsJson }: ToolCallEndEvent): string {
    const start = this.#callsStarted.has(index)
      ? ''
      : this.#toolCallStart({ type: 'tool-call-start', index, id, name });
    if (this.#argumentsSent.has(index)) return start;
    return start + this.#toolCallDelta({ type: 'tool-call-delta', index, argumentsJson });
  }

  #file({ mediaType, source }: FileEvent): string {
    return mediaType.startsWith('image/') ? this.#delta({ images: [encodeAnswerImage(mediaType, source)] }) : '';
  }

  #end(event: ResponseEndEvent): string {
    const details = this.#details === undefined ? '' : this.#delta({ reasoning: '', reasoning_details: this.#details });
    const metadata = encodeMetadata(event.providerMetadata);
    const choice = {
      index: 0,
      delta: metadata.said,
      logprobs: null,
      finish_reason: finishWord(event.reason, event.rawReason),
    };
    const finish = frame({ ...this.#envelope, choices: [choice], ...metadata.envelope });
    const usage = this.#includeUsage ? encodeUsage(event.usage, event.cost) : undefined;
    const counted = usage === undefined ? '' : frame({ ...this.#envelope, choices: [], usage });
    return `${details}${finish}${counted}data: [DONE]\n\n`;
  }

  #delta(delta: JsonObject): string {
    return this.#beforeDelta + JSON.stringify(delta) + AFTER_DELTA;
  }

  #envelopeOf(id: string, model: string): JsonObject {
    return { id, object: 'chat.completion.chunk', created: this.#created, model };
  }
}

const frame = (value: JsonObject): string => `data: ${JSON.stringify(value)}\n\n`;

/** A chunk up to its delta: what all chunks of one answer share is written once. */
const beforeDelta = (envelope: JsonObject): string =>
  `data: ${JSON.stringify(envelope).slice(0, -1)},"choices":[{"index":0,"delta":`;
