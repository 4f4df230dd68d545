import type { Clock, JsonValue } from '@headrace/core/plugin';
import type { AnswerStep } from '../script/answer-step.js';
import { hang, wait } from '../script/answer-step.js';

/** Names as you like; repeated headers as a list. */
export type HeaderFields = Readonly<Record<string, string | readonly string[]>>;

/** One step of a scripted upstream. Build it with the functions here and in `answer-step`. */
export type UpstreamStep =
  | AnswerStep
  | { readonly step: 'status'; readonly code: number; readonly headers: HeaderFields }
  | { readonly step: 'write'; readonly pieces: readonly Uint8Array[] }
  | { readonly step: 'raw'; readonly bytes: Uint8Array }
  | {
      readonly step: 'paced';
      readonly pieces: readonly Uint8Array[];
      readonly everyMs: number;
      readonly isEndless: boolean;
    }
  | { readonly step: 'pause'; readonly name: string }
  | { readonly step: 'delay'; readonly ms: number; readonly clock?: Pick<Clock, 'schedule'> }
  | { readonly step: 'finish' }
  | { readonly step: 'cut' }
  | { readonly step: 'reset' };

const bytesOf = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data);

/**
 * Sends the status line and headers at once. A body with `content-length` goes out as it is, any other one chunked.
 * Without this step the first byte of a body brings `200` and `content-type: text/event-stream`.
 */
export const status = (code: number, headers: HeaderFields = {}): UpstreamStep => ({ step: 'status', code, headers });

/** Sends bytes, or a text as UTF-8, as one HTTP chunk: one read for most clients. */
export const write = (data: string | Uint8Array): UpstreamStep => ({ step: 'write', pieces: [bytesOf(data)] });

/** Sends one server-sent event: a text as it is, line by line, anything else as JSON. */
export const sse = (data: JsonValue): UpstreamStep => {
  const lines = typeof data === 'string' ? data.split('\n') : [JSON.stringify(data)];
  return write(`${lines.map((line) => `data: ${line}\n`).join('')}\n`);
};

/**
 * Sends bytes in pieces, one HTTP chunk each, cut before each of the positions (bytes, ascending). A cut may fall into a
 * character or a line end. @throws RangeError for a position that is outside or not ascending.
 */
export const splitAt = (data: string | Uint8Array, positions: readonly number[]): UpstreamStep => {
  const bytes = bytesOf(data);
  const edges = [0, ...positions, bytes.length];
  const pieces = edges.slice(1).map((edge, index) => {
    const start = edges[index] ?? 0;
    if (!Number.isInteger(edge) || edge <= start) {
      throw new RangeError(`cannot cut ${bytes.length} bytes before ${positions.join(', ')}`);
    }
    return bytes.subarray(start, edge);
  });
  return { step: 'write', pieces };
};

/** Sends every byte as an HTTP chunk of its own. */
export const everyByte = (data: string | Uint8Array): UpstreamStep => {
  const bytes = bytesOf(data);
  return splitAt(bytes, [...bytes.keys()].slice(1));
};

/** Sends the bytes one by one, `everyMs` apart. */
export const drip = (data: string | Uint8Array, everyMs: number): UpstreamStep => {
  const bytes = bytesOf(data);
  return { step: 'paced', pieces: Array.from(bytes, (byte) => Uint8Array.of(byte)), everyMs, isEndless: false };
};

/** Sends the same bytes again and again, `everyMs` apart, until the client closes the connection. */
export const repeat = (data: string | Uint8Array, everyMs: number): UpstreamStep => ({
  step: 'paced',
  pieces: [bytesOf(data)],
  everyMs,
  isEndless: true,
});

/** Says nothing for that long, by the clock on the wall unless one is given, or until the client closes the connection. */
export const delay = (ms: number, clock?: Pick<Clock, 'schedule'>): UpstreamStep => ({
  step: 'delay',
  ms,
  ...(clock === undefined ? {} : { clock }),
});

/** Puts bytes on the socket as they are, without HTTP around them: for broken status lines, headers and chunks. */
export const raw = (data: string | Uint8Array): UpstreamStep => ({ step: 'raw', bytes: bytesOf(data) });

/** Plays on when the promise settles, or when `upstream.release(name)` is called; an early release counts. */
export const pause = (until: string | PromiseLike<unknown>): UpstreamStep =>
  typeof until === 'string' ? { step: 'pause', name: until } : wait(until);

/** Says nothing more until the client closes the connection. The same as `hang()`. */
export const waitForClose = (): UpstreamStep => hang();

/** Takes the request and never answers. The same as `hang()`, to be used as the only step. */
export const hangBeforeHeaders = (): UpstreamStep => hang();

/** Ends the body as HTTP wants it. Every script that is not ended otherwise ends so. */
export const finish = (): UpstreamStep => ({ step: 'finish' });

/** Closes the connection in good order (FIN) in the middle of the body: HTTP's own end mark never comes. */
export const cut = (): UpstreamStep => ({ step: 'cut' });

/** Breaks the connection (RST). Bytes written before have left, and most systems still deliver them. */
export const reset = (): UpstreamStep => ({ step: 'reset' });

/**
 * A whole answer: status, `content-length` and body. A text goes out as it is, anything else as JSON; `content-type` is
 * `text/plain` or `application/json` unless given.
 */
export const reply = (code: number, body: JsonValue, headers: HeaderFields = {}): readonly UpstreamStep[] => {
  const isText = typeof body === 'string';
  const bytes = bytesOf(isText ? body : JSON.stringify(body));
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
  return [
    status(code, { 'content-type': type, ...headers, 'content-length': String(bytes.length) }),
    ...(bytes.length > 0 ? [write(bytes)] : []),
    finish(),
  ];
};
