/** One frame of a stream. */
export interface Frame {
  /** One line of JSON, or `[DONE]`. */
  readonly data: string;
  /** The `event:` line before the data; absent in dialects without one. */
  readonly event?: string;
  readonly part: 'start' | 'content' | 'finish' | 'done';
  /** Tokens it carries, for the pace. */
  readonly tokens: number;
}

/** How OpenAI's dialects mark the end. */
export const DONE: Frame = { data: '[DONE]', part: 'done', tokens: 0 };

/** An answer with one body. */
export interface WholeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: no body at all. */
  readonly body: string | undefined;
  /** The body that reports an error under status 200. */
  readonly errorBody?: (error: unknown) => string;
}

/** An answer in frames, status 200. */
export interface StreamReply {
  readonly frames: Iterable<Frame>;
  /** The frame after the last, in dialects that mark the end. */
  readonly done?: Frame;
  /** The frame that reports an error in the middle of the stream. */
  readonly errorFrame: (error: unknown) => Frame;
}

export type Reply = WholeReply | StreamReply;

export const isStream = (reply: Reply): reply is StreamReply => 'frames' in reply;

export function jsonReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WholeReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function htmlReply(status: number): WholeReply {
  const title = status === 404 ? '404: This page could not be found' : `${status}: Not the answer you asked for`;
  const body = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): WholeReply {
  return { status, headers, body: undefined };
}
