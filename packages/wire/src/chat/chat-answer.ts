import {
  type GatewayError,
  type ResponseEndEvent,
  type StreamEvent,
  StreamInterruptedError,
  type Warning,
} from '@headrace/core/plugin';
import type { AnswerAssembly } from '../reply/answer-assembly.js';
import { AnswerMetadata } from './answer-metadata.js';
import { decodeCitation, decodeImage } from './decode-media.js';
import { decodeUsage, usageSoFar } from './decode-usage.js';
import { finishReason } from './finish-reason.js';
import { isObject, isSet, nonEmptyString, type WireObject } from './json-object.js';
import { notAnAnswer, unreadable } from './not-an-answer.js';
import { ReasoningDetails } from './reasoning-details.js';
import { safeJson } from './safe-json.js';
import { ToolCallAssembly } from './tool-call-assembly.js';

export interface ChatAnswerOptions {
  /** Told at once of what was dropped or changed. */
  warn(warning: Warning): void;
  /**
   * The error for an error object inside a 200 answer or stream; `frame` is the object it was found in, with the latest `usage`
   * of the answer.
   */
  inBandError(error: unknown, frame?: WireObject): GatewayError;
}

/** Where a choice keeps the answer: `delta` in the chunks of a stream, `message` in a whole answer. */
export type AnswerMember = 'delta' | 'message';

/** Finish reasons that tell that the answer was broken off; the second is of DeepSeek. */
const BREAKS: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource']);

type WritableEnd = { -readonly [K in keyof ResponseEndEvent]: ResponseEndEvent[K] };

/** What one answer has said so far, and the events it makes: the same for streams and whole answers. */
export class ChatAnswer implements AnswerAssembly {
  readonly #options: ChatAnswerOptions;
  readonly #member: AnswerMember;
  // Made when they are needed: most answers hold text alone.
  #tools: ToolCallAssembly | undefined;
  #details: ReasoningDetails | undefined;
  readonly #metadata = new AnswerMetadata();
  #warned: Set<string> | undefined;
  #started = false;
  #rawReason: string | undefined;
  #usage: unknown;
  #textChars = 0;
  #frames = 0;
  #refused = false;
  #wentOn = false;
  /** Reasoning was told as plain text, be it empty: the text inside the details then repeats it. */
  #plainReasoning = false;

  constructor(member: AnswerMember, options: ChatAnswerOptions) {
    this.#member = member;
    this.#options = options;
  }

  /** A finish reason was seen. */
  get isFinished(): boolean {
    return this.#rawReason !== undefined;
  }

  get usage(): unknown {
    return this.#usage;
  }

  /** Some servers say a reason with every chunk: once more came after one, the next may be lacking. */
  get mayGoOn(): boolean {
    return this.#wentOn;
  }

  /**
   * Takes one JSON object: a chunk, or a whole answer. An object without anything known becomes a `raw` event.
   * @throws the in-band error it holds, or MalformedResponseError where what it said of the answer cannot be read.
   */
  take(frame: WireObject, events: StreamEvent[]): void {
    const usage = frame['usage'];
    // Before anything is thrown: a failure says what it took, too.
    if (usage !== undefined && usage !== null) this.#usage = usage;
    if (frame['error']) throw this.#options.inBandError(frame['error'], { ...frame, usage: this.#usage });
    this.#frames += 1;
    const choices = frame['choices'];
    if (Array.isArray(choices)) {
      if (!this.#started) this.#start(frame, choices.length > 0, events);
      for (const choice of choices) this.#takeChoice(choice, events);
    } else if (isSet(choices)) throw unreadable('choices');
    // Frames repeat their envelope; it is read where it is complete: with the finish and after it.
    if (this.#rawReason !== undefined || usage) this.#metadata.readFrame(frame);
    else if (!Array.isArray(choices)) this.#takeUnknown(frame, events);
  }

  /**
   * The answer is whole: appends what was held back, then `response-end`.
   * @param warnings told just before the end.
   * @throws MalformedResponseError for a tool call that is none. Call only when `isFinished`.
   */
  finish(warnings: readonly Warning[], events: StreamEvent[]): void {
    const rawReason = this.#rawReason ?? '';
    if (this.#details !== undefined && !this.#details.isEmpty)
      events.push({ type: 'reasoning-delta', text: '', details: this.#details.assembled() });
    this.#tools?.end(rawReason, events);
    for (const warning of warnings) events.push({ type: 'warning', warning });
    const mapped = finishReason(rawReason);
    const providerMetadata = this.#metadata.value();
    const { usage, cost } = decodeUsage(this.#usage);
    const end: WritableEnd = {
      type: 'response-end',
      reason: this.#refused && mapped === 'stop' ? 'content-filter' : mapped,
      rawReason,
    };
    if (usage !== undefined) end.usage = usage;
    if (cost !== undefined) end.cost = cost;
    if (providerMetadata !== undefined) end.providerMetadata = providerMetadata;
    events.push(end);
  }

  /** The error for an answer that stopped before its finish reason, or after it where it `mayGoOn`. */
  interrupted(how: string, cause?: unknown): StreamInterruptedError {
    const calls = this.#tools?.count ?? 0;
    const came = [
      `${this.#frames} frame${this.#frames === 1 ? '' : 's'}`,
      `${this.#textChars} characters of text`,
      `${calls} tool call${calls === 1 ? '' : 's'}`,
    ].join(', ');
    const told = usageSoFar(this.#usage);
    const lacks = this.isFinished ? 'its end was proved' : 'a finish reason';
    return new StreamInterruptedError(`${how} before ${lacks}: the answer is not whole. Received: ${came}.`, {
      ...(cause === undefined ? {} : { cause }),
      ...(told === undefined ? {} : { upstream: told }),
    });
  }

  #start(frame: WireObject, hasChoice: boolean, events: StreamEvent[]): void {
    const responseId = nonEmptyString(frame['id']);
    // Some servers put a frame without id and choices first, with the verdict of their prompt filter.
    if (responseId === undefined && !hasChoice) return;
    this.#started = true;
    events.push({ type: 'response-start', responseId: responseId ?? '', model: nonEmptyString(frame['model']) ?? '' });
  }

  #takeChoice(choice: unknown, events: StreamEvent[]): void {
    if (!isObject(choice)) throw unreadable('choices');
    const index = choice['index'];
    if (typeof index === 'number' && index !== 0) {
      this.#warnOnce('choice-ignored', 'The upstream sent more than one choice; only the first is read.');
      return;
    }
    const said = choice[this.#member];
    if (isObject(said)) {
      if (this.#rawReason === undefined) this.#takeSaid(said, events);
      else this.#takeLate(said, events);
    } else if (isSet(said)) throw unreadable(this.#member);
    const reason = choice['finish_reason'];
    if (typeof reason === 'string' && reason !== '') this.#takeReason(reason, choice);
    if (!isSet(said)) this.#checkSilence(choice);
  }

  /** A choice without its member lacks nothing at the end of a stream, nor where a filter took the whole answer. */
  #checkSilence(choice: WireObject): void {
    if (isSet(choice['text'])) throw notAnAnswer(`its choice has a \`text\` and no \`${this.#member}\``);
    if (this.#member === 'delta') {
      const isLost = isSet(choice['message']) && this.#textChars === 0 && this.#tools === undefined;
      if (isLost) throw notAnAnswer('its stream has a `message` and no `delta`');
    } else if (this.#rawReason !== undefined && finishReason(this.#rawReason) !== 'content-filter')
      throw notAnAnswer('its choice has no `message`');
  }

  #takeReason(reason: string, choice: WireObject): void {
    if (BREAKS.has(reason)) {
      const message = `The upstream ended the answer with the finish reason "${reason}".`;
      throw this.#options.inBandError(choice['error'] ?? { message, code: reason }, { usage: this.#usage });
    }
    this.#rawReason ??= reason;
  }

  #takeLate(said: WireObject, events: StreamEvent[]): void {
    const before = events.length;
    const calls = this.#tools?.count ?? 0;
    this.#takeSaid(said, events);
    // A call whose arguments have not begun makes no event yet.
    if (events.length > before || (this.#tools?.count ?? 0) > calls) this.#wentOn = true;
  }

  #takeSaid(said: WireObject, events: StreamEvent[]): void {
    // Reasoning comes before text even where one frame carries both.
    const reasoning = said['reasoning'] || (said['reasoning_content'] ?? said['reasoning']);
    const details = said['reasoning_details'];
    if (reasoning || details) this.#takeReasoning(reasoning, details, events);
    const content = said['content'];
    if (typeof content === 'string') this.#text(content, events);
    else if (content !== undefined && content !== null) this.#takeParts(content, events);
    if (said['refusal']) this.#takeRefusal(said['refusal'], events);
    if (said['tool_calls']) this.#takeToolCalls(said['tool_calls'], events);
    if (said['function_call']) this.#takeFunctionCall(said['function_call'], events);
    if (said['images']) this.#takeImages(said['images'], events);
    if (said['annotations']) this.#takeAnnotations(said['annotations'], events);
    if (said['provider_metadata']) this.#metadata.readRecord(said['provider_metadata']);
    if (said['providerMetadata']) this.#metadata.readRecord(said['providerMetadata']);
  }

  #text(text: string, events: StreamEvent[]): void {
    if (text === '') return;
    this.#textChars += text.length;
    events.push({ type: 'text-delta', text });
  }

  #takeReasoning(reasoning: unknown, details: unknown, events: StreamEvent[]): void {
    if ((reasoning && typeof reasoning !== 'string') || (details && !Array.isArray(details)))
      this.#warnOnce('reasoning-skipped', 'Reasoning of the answer is of a type that it cannot have.');
    if (Array.isArray(details)) this.#details ??= new ReasoningDetails();
    const fromDetails = Array.isArray(details) ? (this.#details?.add(details) ?? '') : '';
    if (typeof reasoning === 'string') this.#plainReasoning = true;
    const text = typeof reasoning === 'string' ? reasoning : this.#plainReasoning ? '' : fromDetails;
    if (text !== '') events.push({ type: 'reasoning-delta', text });
  }

  /** Content as a list of parts, as some servers send it: text, images, and thinking with texts of its own. */
  #takeParts(parts: unknown, events: StreamEvent[]): void {
    if (!Array.isArray(parts)) throw unreadable('content');
    for (const part of parts) {
      if (!isObject(part)) throw unreadable('content');
      const thinking = part['thinking'];
      if (typeof part['text'] === 'string') this.#text(part['text'], events);
      else if (typeof thinking === 'string') this.#takeReasoning(thinking, undefined, events);
      else if (Array.isArray(thinking)) {
        for (const piece of thinking) if (isObject(piece)) this.#takeReasoning(piece['text'], undefined, events);
      } else if (part['image_url'] !== undefined) this.#takeImages([part], events);
      else if (isSet(part['text'])) throw unreadable('text');
      else this.#warnOnce('part-skipped', 'A part of the answer is neither text nor thinking nor an image.');
    }
  }

  #takeRefusal(refusal: unknown, events: StreamEvent[]): void {
    if (typeof refusal !== 'string') throw unreadable('refusal');
    this.#refused = true;
    this.#warnOnce('refusal', 'The model refused; the text of the answer is its refusal.');
    this.#text(refusal, events);
  }

  #takeToolCalls(calls: unknown, events: StreamEvent[]): void {
    if (!Array.isArray(calls)) throw unreadable('tool_calls');
    const isWhole = this.#member === 'message';
    const assembly = this.#assembly();
    for (const [place, call] of calls.entries()) {
      if (!isObject(call)) throw unreadable('tool_calls');
      assembly.add(call, events, isWhole ? place : undefined);
    }
  }

  #takeFunctionCall(call: unknown, events: StreamEvent[]): void {
    if (!isObject(call)) throw unreadable('function_call');
    this.#assembly().add(call, events, 0);
  }

  #takeImages(images: unknown, events: StreamEvent[]): void {
    if (!Array.isArray(images)) throw unreadable('images');
    for (const image of images) {
      const file = decodeImage(image);
      if (file !== undefined) events.push(file);
      else this.#warnOnce('image-skipped', 'An image of the answer is neither a data URL nor a web address.');
    }
  }

  #takeAnnotations(annotations: unknown, events: StreamEvent[]): void {
    for (const annotation of Array.isArray(annotations) ? annotations : [annotations]) {
      const citation = decodeCitation(annotation);
      if (citation !== undefined) events.push(citation);
      else this.#warnOnce('annotation-skipped', 'An annotation of the answer is no citation of a web address.');
    }
  }

  #takeUnknown(frame: WireObject, events: StreamEvent[]): void {
    if (this.#metadata.readFrame(frame)) return;
    events.push({ type: 'raw', value: safeJson(frame) });
  }

  #assembly(): ToolCallAssembly {
    this.#tools ??= new ToolCallAssembly((warning) => this.#options.warn(warning));
    return this.#tools;
  }

  #warnOnce(code: string, message: string): void {
    this.#warned ??= new Set();
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    this.#options.warn({ code, message });
  }
}
