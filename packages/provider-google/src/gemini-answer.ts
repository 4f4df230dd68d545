import {
  ContentPolicyError,
  type GatewayError,
  type JsonObject,
  type JsonValue,
  MalformedResponseError,
  type StreamEvent,
  StreamInterruptedError,
  type Warning,
} from '@headrace/core/plugin';
import {
  type AnswerAssembly,
  isObject,
  jsonText,
  nonEmptyString,
  safeJson,
  safeObject,
  type WireObject,
} from '@headrace/wire/provider';
import { decodeCitations } from './decode-citations.js';
import { decodeUsage } from './decode-usage.js';
import { finishReason } from './finish-reason.js';
import { SIGNATURE_FORMAT, SIGNATURE_TYPE } from './wire-names.js';

export interface GeminiAnswerOptions {
  /** Told at once of what was dropped or changed. */
  warn(warning: Warning): void;
  /** The error for an error object inside a 200 answer or stream. */
  inBandError(error: unknown, frame?: WireObject): GatewayError;
  /** Upstream's words, fit for a message. */
  told(text: string): string;
}

/** Members of a candidate that are told as they came, with the end of the answer. */
const RECORDS = ['safetyRatings', 'groundingMetadata', 'urlContextMetadata', 'avgLogprobs', 'finishMessage'] as const;

/** What one answer of Gemini has said so far (https://ai.google.dev/api/generate-content#GenerateContentResponse). */
export class GeminiAnswer implements AnswerAssembly {
  readonly #options: GeminiAnswerOptions;
  #started = false;
  #responseId = '';
  #rawReason: string | undefined;
  #usage: unknown;
  #calls = 0;
  #frames = 0;
  #textChars = 0;
  #details: JsonObject[] = [];
  #record: Record<string, JsonValue> = {};
  #cited: Set<string> | undefined;
  #warned: Set<string> | undefined;

  constructor(options: GeminiAnswerOptions) {
    this.#options = options;
  }

  get isFinished(): boolean {
    return this.#rawReason !== undefined;
  }

  /** Some models say STOP with every frame. */
  get mayGoOn(): boolean {
    return true;
  }

  take(frame: WireObject, events: StreamEvent[]): void {
    if (frame['error']) throw this.#options.inBandError(frame['error'], frame);
    this.#frames += 1;
    const { candidates, usageMetadata, promptFeedback } = frame;
    if (candidates !== undefined && candidates !== null && !Array.isArray(candidates)) throw unreadable('candidates');
    const hasCandidates = Array.isArray(candidates) && candidates.length > 0;
    if (isObject(usageMetadata)) this.#usage = usageMetadata;
    if (!this.#started) this.#start(frame, hasCandidates, events);
    if (isObject(promptFeedback)) this.#takeFeedback(promptFeedback, hasCandidates);
    if (hasCandidates) for (const candidate of candidates) this.#takeCandidate(candidate, events);
    else if (!isObject(usageMetadata) && !isObject(promptFeedback))
      events.push({ type: 'raw', value: safeJson(frame) });
  }

  finish(warnings: readonly Warning[], events: StreamEvent[]): void {
    const rawReason = this.#rawReason ?? '';
    const reason = finishReason(rawReason, this.#calls > 0);
    const usage = decodeUsage(this.#usage);
    if (reason === 'fault')
      throw new MalformedResponseError(
        `Gemini ended the answer with the finish reason "${rawReason}": what the model wrote is no tool call or answer.`,
        usage === undefined ? {} : { upstream: { usage } },
      );
    for (const warning of warnings) events.push({ type: 'warning', warning });
    const hasRecord = Object.keys(this.#record).length > 0;
    events.push({
      type: 'response-end',
      reason,
      rawReason,
      ...(usage === undefined ? {} : { usage }),
      ...(hasRecord ? { providerMetadata: { google: this.#record } } : {}),
    });
  }

  interrupted(how: string, cause?: unknown): StreamInterruptedError {
    const came = [
      `${this.#frames} frame${this.#frames === 1 ? '' : 's'}`,
      `${this.#textChars} characters of text`,
      `${this.#calls} tool call${this.#calls === 1 ? '' : 's'}`,
    ].join(', ');
    const usage = decodeUsage(this.#usage);
    const lacks = this.isFinished ? 'its end was proved' : 'a finish reason';
    return new StreamInterruptedError(`${how} before ${lacks}: the answer is not whole. Received: ${came}.`, {
      ...(cause === undefined ? {} : { cause }),
      ...(usage === undefined ? {} : { upstream: { usage: { ...usage, certainty: 'at-least' as const } } }),
    });
  }

  #start(frame: WireObject, hasCandidates: boolean, events: StreamEvent[]): void {
    const responseId = nonEmptyString(frame['responseId']);
    if (responseId === undefined && !hasCandidates) return;
    this.#started = true;
    this.#responseId = responseId ?? '';
    events.push({
      type: 'response-start',
      responseId: this.#responseId,
      model: nonEmptyString(frame['modelVersion']) ?? '',
    });
  }

  /** A prompt that is blocked has no answer at all. */
  #takeFeedback(feedback: WireObject, hasCandidates: boolean): void {
    const reason = nonEmptyString(feedback['blockReason']);
    if (reason !== undefined && !hasCandidates) {
      const said = nonEmptyString(feedback['blockReasonMessage']);
      const usage = decodeUsage(this.#usage);
      throw new ContentPolicyError(
        `Gemini blocked the prompt (${this.#options.told(reason)})${said === undefined ? '.' : `: ${this.#options.told(said)}`}`,
        { upstream: { code: this.#options.told(reason), ...(usage === undefined ? {} : { usage }) } },
      );
    }
    this.#record['promptFeedback'] = safeObject(feedback);
  }

  #takeCandidate(candidate: unknown, events: StreamEvent[]): void {
    if (!isObject(candidate)) throw unreadable('candidates');
    const { index, content, finishReason: reason } = candidate;
    if (typeof index === 'number' && index !== 0) {
      this.#warnOnce('choice-ignored', 'The upstream sent more than one candidate; only the first is read.');
      return;
    }
    if (isObject(content)) this.#takeParts(content['parts'], events);
    else if (content !== undefined && content !== null) throw unreadable('content');
    for (const event of decodeCitations(candidate)) this.#cite(event, events);
    for (const name of RECORDS) {
      const value = candidate[name];
      if (value !== undefined && value !== null) this.#record[name] = safeJson(value);
    }
    // The last word stands.
    if (typeof reason === 'string' && reason !== '' && reason !== 'FINISH_REASON_UNSPECIFIED') this.#rawReason = reason;
  }

  #takeParts(parts: unknown, events: StreamEvent[]): void {
    if (parts === undefined || parts === null) return;
    if (!Array.isArray(parts)) throw unreadable('parts');
    for (const part of parts) {
      if (!isObject(part)) throw unreadable('parts');
      this.#takePart(part, events);
    }
  }

  #takePart(part: WireObject, events: StreamEvent[]): void {
    const signature = nonEmptyString(part['thoughtSignature']);
    const { text, functionCall, inlineData, thought } = part;
    if (text !== undefined && text !== null && typeof text !== 'string') throw unreadable('text');
    if (functionCall !== undefined && functionCall !== null && !isObject(functionCall))
      throw unreadable('functionCall');
    if (isObject(functionCall)) this.#takeCall(functionCall, signature, events);
    else {
      if (signature !== undefined) this.#sign(signature, undefined, events);
      if (typeof text === 'string') this.#takeText(text, thought === true, events);
      else if (isObject(inlineData) && thought !== true) this.#takeFile(inlineData, events);
      else if (signature === undefined || Object.keys(part).length > 1)
        events.push({ type: 'raw', value: safeJson(part) });
    }
  }

  #takeText(text: string, isThought: boolean, events: StreamEvent[]): void {
    if (text === '') return;
    if (isThought) {
      events.push({ type: 'reasoning-delta', text });
      return;
    }
    this.#textChars += text.length;
    events.push({ type: 'text-delta', text });
  }

  #takeFile(inlineData: WireObject, events: StreamEvent[]): void {
    const mediaType = nonEmptyString(inlineData['mimeType']);
    const data = nonEmptyString(inlineData['data']);
    if (mediaType !== undefined && data !== undefined)
      events.push({ type: 'file', mediaType, source: { type: 'base64', data } });
    else this.#warnOnce('file-skipped', 'A file of the answer has no media type or no bytes.');
  }

  /** Calls come whole. The API may leave their ids out: one is made that is unique in the conversation. */
  #takeCall(call: WireObject, signature: string | undefined, events: StreamEvent[]): void {
    const name = nonEmptyString(call['name']);
    if (name === undefined) throw new MalformedResponseError('The answer holds a tool call without a name.');
    const index = this.#calls;
    this.#calls += 1;
    const id = nonEmptyString(call['id']) ?? `call_${this.#responseId === '' ? '' : `${this.#responseId}_`}${index}`;
    if (signature !== undefined) this.#sign(signature, id, events);
    const { args } = call;
    if (args !== undefined && args !== null && !isObject(args)) throw unreadable('args');
    const argumentsJson = isObject(args) ? jsonText(args) : '{}';
    events.push(
      { type: 'tool-call-start', index, id, name },
      { type: 'tool-call-delta', index, argumentsJson },
      { type: 'tool-call-end', index, id, name, argumentsJson },
    );
  }

  #sign(data: string, id: string | undefined, events: StreamEvent[]): void {
    const item = { type: SIGNATURE_TYPE, format: SIGNATURE_FORMAT, data, index: this.#details.length };
    this.#details = [...this.#details, id === undefined ? item : { ...item, id }];
    events.push({ type: 'reasoning-delta', text: '', details: this.#details });
  }

  /** Every frame may repeat the sources so far. */
  #cite(event: StreamEvent & { readonly type: 'citation' }, events: StreamEvent[]): void {
    this.#cited ??= new Set();
    const { url = '' } = event;
    if (this.#cited.has(url)) return;
    this.#cited.add(url);
    events.push(event);
  }

  #warnOnce(code: string, message: string): void {
    this.#warned ??= new Set();
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    this.#options.warn({ code, message });
  }
}

/** What a member said is lost, so the answer would have a hole. */
const unreadable = (member: string): MalformedResponseError =>
  notAnAnswer(`its \`${member}\` is of a type that it cannot have`);

/** The answer holds JSON, but not in the shape of the dialect. */
export const notAnAnswer = (why: string): MalformedResponseError =>
  new MalformedResponseError(`The upstream's answer is not one of generateContent: ${why}.`);

/** @throws MalformedResponseError for a whole answer that holds nothing of one */
export const checkReply = (reply: WireObject): void => {
  if (!Array.isArray(reply['candidates']) && !isObject(reply['promptFeedback']) && !reply['error'])
    throw notAnAnswer('it has no candidates');
};
