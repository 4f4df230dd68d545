import {
  type JsonObject,
  type JsonValue,
  type ResponseEndEvent,
  type StreamEvent,
  StreamInterruptedError,
  type Warning,
} from '@headrace/core/plugin';
import type { ChatDecoderOptions } from '../chat/chat-stream-decoder.js';
import { isObject, nonEmptyString, type WireObject } from '../chat/json-object.js';
import { safeJson, safeObject } from '../chat/safe-json.js';
import type { AnswerAssembly } from '../reply/answer-assembly.js';
import { AnswerBlocks } from './answer-blocks.js';
import { decodeMessagesUsage, messagesUsageSoFar } from './decode-messages-usage.js';
import { notAMessage } from './not-a-message.js';
import { reasonOfStop } from './stop-reason.js';

export interface MessagesDecoderOptions extends ChatDecoderOptions {
  /** What is known of the answer beside its body, for its metadata. */
  readonly metadata?: JsonObject | undefined;
}

/** Members of the answer that say how it ended and where it was made. */
const METADATA = ['stop_sequence', 'stop_details', 'container', 'context_management'] as const;
/** Frames that cannot be skipped: one that cannot be read has lost a part of the answer. */
const HOLDS_THE_ANSWER: ReadonlySet<string> = new Set([
  'content_block_delta',
  'content_block_start',
  'content_block_stop',
  'message_start',
]);
/** Members of the usage that are no counts. */
const SERVICE = ['service_tier', 'inference_geo', 'speed'] as const;

const TURN_PAUSED: Warning = {
  code: 'turn-paused',
  message: 'The upstream paused its turn: send the conversation with this answer at its end to let it go on.',
};

/** What one answer has said so far, and the events it makes: the same for streams and whole answers. */
export class MessagesAnswer implements AnswerAssembly {
  isFinished = false;
  isOver = false;
  readonly #options: MessagesDecoderOptions;
  readonly #blocks: AnswerBlocks;
  #started = false;
  #stopReason: string | undefined;
  #usage: WireObject | undefined;
  #metadata: Record<string, JsonValue | undefined> | undefined;
  #frames = 0;

  constructor(options: MessagesDecoderOptions) {
    this.#options = options;
    this.#metadata = options.metadata === undefined ? undefined : { ...options.metadata };
    this.#blocks = new AnswerBlocks((warning) => options.warn(warning));
  }

  get usage(): WireObject | undefined {
    return this.#usage;
  }

  /** @throws MalformedResponseError for content that belongs nowhere */
  take(frame: WireObject, events: StreamEvent[]): void {
    const { type, index, message, delta, content_block: block, usage, content } = frame;
    this.#frames += 1;
    if (type === 'content_block_delta' && typeof index === 'number' && isObject(delta))
      this.#blocks.add(index, delta, events);
    else if (type === 'content_block_start' && typeof index === 'number' && isObject(block)) {
      if (!this.#started) throw notAMessage('content came before its start');
      this.#blocks.begin(index, block, events);
    } else if (type === 'content_block_stop' && typeof index === 'number') this.#blocks.end(index, events);
    else if (type === 'message_start' && isObject(message)) this.#start(message, events);
    else if (typeof type === 'string' && HOLDS_THE_ANSWER.has(type))
      throw notAMessage(`a frame \`${type}\` lacks what it is for`);
    else if (type === 'message_delta') this.#takeEnd(isObject(delta) ? delta : {}, usage);
    else if (type === 'message_stop') {
      this.isFinished = this.#stopReason !== undefined;
      this.isOver = true;
    } else if (Array.isArray(content)) this.#takeWhole(frame, content, events);
    else if (type === 'error')
      throw this.#options.inBandError(frame['error'] ?? frame, { ...frame, usage: this.#usage });
    else if (type !== 'ping') events.push({ type: 'raw', value: safeObject(frame) });
  }

  finish(warnings: readonly Warning[], events: StreamEvent[]): void {
    const rawReason = this.#stopReason ?? '';
    this.#blocks.finish(rawReason, events);
    const details = this.#blocks.details();
    if (details.length > 0) events.push({ type: 'reasoning-delta', text: '', details });
    const told = rawReason === 'pause_turn' ? [...warnings, TURN_PAUSED] : warnings;
    for (const warning of told) events.push({ type: 'warning', warning });
    const end: { -readonly [K in keyof ResponseEndEvent]: ResponseEndEvent[K] } = {
      type: 'response-end',
      reason: reasonOfStop(rawReason),
      rawReason,
    };
    const usage = decodeMessagesUsage(this.#usage);
    if (usage !== undefined) end.usage = usage;
    if (this.#metadata !== undefined) end.providerMetadata = this.#metadata;
    events.push(end);
  }

  /** The error for an answer that stopped before its end was told. */
  interrupted(how: string, cause?: unknown): StreamInterruptedError {
    const came = [
      `${this.#frames} frame${this.#frames === 1 ? '' : 's'}`,
      `${this.#blocks.textChars} characters of text`,
      `${this.#blocks.calls} tool call${this.#blocks.calls === 1 ? '' : 's'}`,
    ].join(', ');
    const told = messagesUsageSoFar(this.#usage);
    return new StreamInterruptedError(
      `${how} before the end of the message: the answer is not whole. Received: ${came}.`,
      { ...(cause === undefined ? {} : { cause }), ...(told === undefined ? {} : { upstream: told }) },
    );
  }

  #takeWhole(message: WireObject, content: readonly unknown[], events: StreamEvent[]): void {
    this.#start(message, events);
    for (const [index, block] of content.entries()) {
      if (!isObject(block)) throw notAMessage('a block of its content is no object');
      this.#blocks.begin(index, block, events);
      this.#blocks.end(index, events);
    }
    this.isFinished = this.#stopReason !== undefined;
  }

  /** The message as it is told first: complete in a whole answer, still empty in a stream. */
  #start(message: WireObject, events: StreamEvent[]): void {
    if (!this.#started)
      events.push({
        type: 'response-start',
        responseId: nonEmptyString(message['id']) ?? '',
        model: nonEmptyString(message['model']) ?? '',
      });
    this.#started = true;
    this.#takeEnd(message, message['usage']);
  }

  /** What the end of an answer says. Counts of a stream are cumulative: the last one stands. */
  #takeEnd(said: WireObject, usage: unknown): void {
    const reason = nonEmptyString(said['stop_reason']);
    if (reason !== undefined) this.#stopReason = reason;
    for (const name of METADATA) this.#keep(name, said[name]);
    if (!isObject(usage)) return;
    for (const name of SERVICE) this.#keep(name, usage[name]);
    // Later frames leave out what has not changed, or say null.
    const told = Object.entries(usage).filter(([, value]) => value !== null && value !== undefined);
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
  }

  #keep(name: string, value: unknown): void {
    if (value === undefined || value === null) return;
    this.#metadata ??= {};
    this.#metadata[name] = isObject(value) ? safeObject(value) : safeJson(value);
  }
}
