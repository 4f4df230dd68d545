import type { TraceContext } from '../contract/call-context.js';
import type { ModelRequest } from '../contract/request.js';
import type { ModelResult } from '../contract/result.js';
import type { StreamEvent } from '../contract/stream-event.js';
import type { Warning } from '../contract/warning.js';

type Awaitable<T> = T | PromiseLike<T>;

/** Ends the call with a `MiddlewareRefusalError` of the class `content-policy`, whose message has these words. */
export interface Refusal {
  readonly refuse: string;
}

/**
 * What becomes of a request. Nothing: it goes on as it is. `request`: another one goes on, of the same kind and delivery.
 * `answer`: nothing is asked; a text is the answer of a completion, a result of the request's kind that of the others.
 */
export type RequestVerdict = { readonly request: ModelRequest } | { readonly answer: string | ModelResult } | Refusal;

/**
 * What becomes of a part of an answer. Nothing: it is handed on as it is. `events`: these are handed on in its place, none
 * of them to hold it back. A `response-end` stays where it is, at the end; of it only `result` may be changed.
 */
export type AnswerVerdict = { readonly events: readonly StreamEvent[] } | Refusal;

/** The functions of a middleware for one call. They may share state. */
export interface CallMiddleware {
  /** Once, before anything is asked. */
  onRequest?(request: ModelRequest): Awaitable<RequestVerdict | undefined>;
  /**
   * For every part of the answer, in order and one at a time; what came before has been handed on or held back. A stream comes
   * in as many parts as it is read in, any other answer in one. The last part ends in `response-end`.
   */
  onEvents?(events: readonly StreamEvent[]): Awaitable<AnswerVerdict | undefined>;
}

/** What a middleware may know of a call. */
export interface MiddlewareCall {
  /** The model or route as asked, unless a middleware before this one has changed it. */
  readonly reference: string;
  readonly tenant: string | undefined;
  readonly trace: TraceContext | undefined;
  /** Aborted when the call is cancelled, and when the middleware has taken too long. */
  readonly signal: AbortSignal;
  /** Tells the caller of something. */
  warn(warning: Warning): void;
}

/** A host's own functions around every call of a gateway, of every kind, streamed and whole. */
export interface Middleware {
  /** In receipts and errors: 1–64 of `a–z 0–9 -`, unique in one gateway. */
  readonly name: string;
  /** The longest that one of its functions may take each time, in ms: above 0. Default 5,000. */
  readonly timeoutMs?: number;
  /**
   * What happens when a function throws, takes too long or returns nonsense. `fail` (default): the call fails with a
   * `MiddlewareFailedError`. `continue`: it goes on without this middleware, with the warning `middleware-failed`, and
   * what it held back is handed on; but an answer of which it has changed a part fails all the same.
   */
  readonly onFailure?: 'fail' | 'continue';
  /** Called for every call. What it returns is for this call alone; nothing: the middleware has nothing to do with it. */
  forCall(call: MiddlewareCall): CallMiddleware | undefined;
}
