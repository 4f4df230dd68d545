import { type GatewayError, MalformedResponseError, type StreamEvent } from '@headrace/core/plugin';
import { isObject, type WireObject } from '../chat/json-object.js';
import type { BodyDecoder } from '../http/body-decoder.js';
import { SseReader } from '../sse/sse-reader.js';
import type { AnswerAssembly } from './answer-assembly.js';

export interface FrameDecoderOptions {
  /** The error for an error object inside a 200 answer or stream; `frame` is the object it was found in, with the latest `usage`. */
  inBandError(error: unknown, frame?: WireObject): GatewayError;
  /** Longest SSE frame, in characters. Default 16 Mi. Whole answers are bounded by the HTTP call instead. */
  readonly maxFrameChars?: number;
  /** Hears of each comment in the stream up to its end mark, without its colon; for what stands between us and the upstream may say there. */
  readonly onComment?: ((text: string) => void) | undefined;
}

/** Longest text of an error frame that is no JSON, handed on as the error. */
const ERROR_TEXT_CHARS = 1000;

/** A few words, with brackets or without, such as `ping` and `[HEARTBEAT]`: no part of an answer that lost its other parts. */
const WORDS = /^[\w\s.:[\]-]{0,64}$/;

/**
 * Decodes an event stream whose frames are JSON objects, in whatever dialect `answer` reads.
 *
 * - `response-end` is held until the end mark or the end of input, so that usage after the finish counts. Either without
 *   a finish is a `StreamInterruptedError`.
 * - A frame that is no JSON object is a `MalformedResponseError` at once: it may have held part of the answer. One of a few bare
 *   words, and any after the finish, is skipped; if the answer ends well nevertheless a `warning` event `frame-skipped` says so.
 * - A last frame that is cut off before the finish makes the answer a truncated one, a `StreamInterruptedError`.
 * - An answer that `mayGoOn` after its finish proves its end by the end mark or the clean end of the body only.
 * - Everything after the end mark, or after a frame that says that it was the last, is ignored.
 */
export class FrameStreamDecoder implements BodyDecoder {
  readonly #options: FrameDecoderOptions;
  readonly #answer: AnswerAssembly;
  readonly #endMark: string | undefined;
  readonly #reader: SseReader;
  #events: StreamEvent[] = [];
  #isOver = false;
  /** What is handed out now lacked its blank line. */
  #atEnd = false;
  #isCut = false;
  #skipped = 0;
  #firstFault = '';

  /** @param endMark data of the frame that ends the stream, in dialects that have one. */
  constructor(answer: AnswerAssembly, options: FrameDecoderOptions, endMark?: string) {
    this.#options = options;
    this.#answer = answer;
    this.#endMark = endMark;
    const { maxFrameChars, onComment } = options;
    this.#reader = new SseReader((data, event) => this.#takeFrame(data, event), {
      ...(maxFrameChars !== undefined && { maxFrameChars }),
      ...(onComment && { onComment: (text) => this.#isOver || onComment(text) }),
    });
  }

  write(bytes: Uint8Array, events: StreamEvent[]): void {
    if (this.#isOver) return;
    this.#events = events;
    try {
      this.#reader.push(bytes);
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }

  end(events: StreamEvent[]): void {
    if (this.#isOver) return;
    this.#events = events;
    this.#atEnd = true;
    try {
      this.#reader.end();
      if (!this.#isOver) this.#conclude(this.#isCut ? 'The stream ended within a frame,' : 'The stream ended');
    } finally {
      this.#isOver = true;
    }
  }

  broken(cause: unknown): GatewayError | undefined {
    if (this.#isOver || this.#isProven) return undefined;
    return this.#answer.interrupted('The connection broke', cause);
  }

  /** Whatever is lost now was no part of the answer. */
  get #isProven(): boolean {
    return this.#answer.isFinished && this.#answer.mayGoOn !== true;
  }

  #takeFrame(data: string, event: string | undefined): void {
    if (this.#isOver) return;
    if (data === this.#endMark) {
      this.#conclude('The stream was declared done');
      this.#isOver = true;
      return;
    }
    const frame = this.#parse(data, event === 'error');
    if (event === 'error') {
      const { usage } = this.#answer;
      const stood = usage === undefined ? frame : { ...frame, usage };
      throw this.#options.inBandError(frame?.['error'] ?? frame ?? data.slice(0, ERROR_TEXT_CHARS), stood);
    }
    if (frame === undefined) return;
    this.#answer.take(frame, this.#events);
    if (this.#answer.isOver !== true) return;
    this.#conclude('The stream was declared over');
    this.#isOver = true;
  }

  #parse(data: string, isError: boolean): WireObject | undefined {
    let fault = 'it is not a JSON object';
    try {
      const frame: unknown = JSON.parse(data);
      if (isObject(frame)) return frame;
    } catch {
      // The parser's own message quotes the frame, which may hold what the model said.
      fault = 'it is not JSON';
    }
    if (this.#isProven || !this.#atEnd) {
      if (!isError && !this.#isProven && !WORDS.test(data)) throw this.#holed();
      if (this.#skipped === 0) this.#firstFault = fault;
      this.#skipped += 1;
    } else this.#isCut = true;
    return undefined;
  }

  #holed(): MalformedResponseError {
    const { message, upstream } = this.#answer.interrupted('The stream was given up');
    return new MalformedResponseError(
      `A frame of the stream is no JSON object: what it said of the answer is lost. ${message}`,
      { upstream },
    );
  }

  #conclude(how: string): void {
    const frames = this.#skipped === 1 ? 'One frame' : `${this.#skipped} frames`;
    const fault = `${frames} of the stream could not be read (the first: ${this.#firstFault})`;
    if (this.#answer.isFinished && !this.#isCut) {
      const warnings = this.#skipped === 0 ? [] : [{ code: 'frame-skipped', message: `${fault}; the rest is whole.` }];
      this.#answer.finish(warnings, this.#events);
      return;
    }
    const interrupted = this.#answer.interrupted(how);
    if (this.#skipped > 0)
      throw new MalformedResponseError(`${fault}. ${interrupted.message}`, { upstream: interrupted.upstream });
    const stray = this.#reader.stray?.trimStart();
    if (stray?.startsWith('<')) throw notAStream('an HTML page; the base URL is probably wrong');
    if (stray?.startsWith('{')) throw notAStream('plain JSON');
    throw interrupted;
  }
}

const notAStream = (what: string): MalformedResponseError =>
  new MalformedResponseError(`The upstream's answer is not an event stream: it looks like ${what}.`);
