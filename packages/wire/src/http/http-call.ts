import type { CallContext, EventBatch, GatewayError } from '@headrace/core/plugin';
import type { BodyDecoder, HttpAnswer } from './body-decoder.js';
import { HttpAttempt } from './http-attempt.js';
import type { HttpSession } from './http-session.js';

/** One request to the origin of a session. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, beginning with `/`. */
  readonly path: string;
  /** Sent as given, next to `host`, `connection` and `content-length`. Values hold no line breaks. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Bytes of the whole answer, decompressed. Default 256 MiB. More is a MalformedResponseError. */
  readonly maxBodyBytes?: number;
}

/** What to make of the answer. */
export interface HttpHandlers {
  /** For status 2xx. May throw a GatewayError to end the call. */
  decoder(answer: HttpAnswer): BodyDecoder;
  /** For every other status but 3xx. `body` is the answer's text, at most its first 64 KiB. */
  failure(answer: HttpAnswer, body: string): GatewayError;
}

/**
 * Exactly one attempt, started by the first `next()`: batches of what `decoder` makes of the answer, then the end.
 * Leaving the loop early closes the connection. Once `context` is cancelled, `next()` rejects with its reason,
 * untouched, whatever the attempt was waiting for.
 *
 * Throws, by the first `next()` that finds nothing left to deliver: TransportError when no answer came, TimeoutError
 * `connect`, InvalidRequestError for a request that HTTP cannot carry, MalformedResponseError for a redirect, an
 * oversized or an undecodable answer, GatewayDisposedError when the session was closed, what `failure` returns, and
 * what the decoder throws.
 *
 * @param request may be a promise, for credentials that are fetched; not called before the first `next()`.
 */
export const httpCall = (
  session: HttpSession,
  request: () => HttpRequest | Promise<HttpRequest>,
  context: CallContext,
  handlers: HttpHandlers,
): AsyncIterable<EventBatch> => new HttpAttempt(session, request, context, handlers).batches;
