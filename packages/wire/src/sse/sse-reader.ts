import { MalformedResponseError } from '@headrace/core/plugin';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { Utf8Text } from '../http/utf8-text.js';

/** Called once for each complete frame: its `data` lines joined by `\n`, and its `event` field. */
export type FrameHandler = (data: string, event: string | undefined) => void;

export interface SseReaderOptions {
  /** Longest line and longest frame, in UTF-16 code units. Default 16 Mi (16,777,216). */
  readonly maxFrameChars?: number;
  /** Hears of each comment line, without its colon and one space behind that. Default: they are skipped. */
  readonly onComment?: (text: string) => void;
}

const DEFAULT_MAX_FRAME_CHARS = 16 * 1024 * 1024;
/** The parser counts the field name of the unfinished line too; the exact limit is checked on the frame itself. */
const FIELD_NAME_ALLOWANCE = 16;
const BYTE_ORDER_MARK = 0xfeff;
/** Longest beginning kept of a line that is no field of an event stream, to say what came instead. */
const STRAY_CHARS = 64;

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) from bytes, however they
 * are split: LF, CRLF and CR, a byte order mark, comments, `data:` without a space. Unlike a browser it hands out a
 * last frame that lacks its final blank line, because servers forget it.
 */
export class SseReader {
  readonly #decoder = new Utf8Text();
  readonly #parser: EventSourceParser;
  #atStart = true;
  #stray: string | undefined;

  constructor(onFrame: FrameHandler, options: SseReaderOptions = {}) {
    const limit = options.maxFrameChars ?? DEFAULT_MAX_FRAME_CHARS;
    this.#parser = createParser({
      maxBufferSize: limit + FIELD_NAME_ALLOWANCE,
      onEvent: (frame) => {
        if (frame.data.length > limit) throw tooLong(limit);
        onFrame(frame.data, frame.event);
      },
      ...(options.onComment && { onComment: options.onComment }),
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') throw tooLong(limit);
        if (error.type === 'unknown-field') this.#stray ??= (error.line ?? '').slice(0, STRAY_CHARS);
      },
    });
  }

  /** The beginning of the first line that was no field of an event stream; at most 64 characters. */
  get stray(): string | undefined {
    return this.#stray;
  }

  /** @throws MalformedResponseError for a line or frame beyond the limit, and whatever the frame handler throws. */
  push(bytes: Uint8Array): void {
    this.#feed(this.#decoder.write(bytes));
  }

  /** End of input: hands out what is complete but for its blank line. */
  end(): void {
    // A blank line instead of the parser's own `reset({ consume: true })`: that one never hands out the frame.
    this.#feed(`${this.#decoder.end()}\n\n`);
  }

  #feed(text: string): void {
    if (text === '') return;
    if (!this.#atStart) {
      this.#parser.feed(text);
      return;
    }
    this.#atStart = false;
    this.#parser.feed(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
  }
}

const tooLong = (limit: number): MalformedResponseError =>
  new MalformedResponseError(`A line or frame of the event stream is longer than the limit of ${limit} characters.`);
