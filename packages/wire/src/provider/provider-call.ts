import {
  type CallContext,
  type Clock,
  type Delivery,
  type GatewayError,
  type ModelRequest,
  tellLosses,
  type Warning,
} from '@headrace/core/plugin';
import type { BodyDecoder, HttpAnswer } from '../http/body-decoder.js';
import type { HttpHandlers, HttpRequest } from '../http/http-call.js';
import { type Headers, NO_HEADERS } from './call-headers.js';
import { NestedAttempt } from './nested-gateway.js';
import type { ProviderSettings } from './provider-settings.js';
import type { KeySource, SentKey } from './sent-key.js';
import { traceHeaders } from './trace-headers.js';

/** What every call of a client is made with. */
export interface CallTerms<Settings extends ProviderSettings, Key extends SentKey> {
  readonly settings: Settings;
  readonly keys: KeySource<Key>;
  readonly clock: Clock;
}

/**
 * One attempt at one request: its key, its trace, and what to make of the answer. It is given to the decoders itself, which
 * take what they need of it: closures for each attempt add up.
 */
export abstract class ProviderCall<Asked extends ModelRequest, Settings extends ProviderSettings, Key extends SentKey>
  implements HttpHandlers
{
  // Not `protected`: they hold secrets, and what is printed of a call must not show them.
  readonly #terms: CallTerms<Settings, Key>;
  #key: Key | undefined = undefined;
  #nested: NestedAttempt | undefined = undefined;

  constructor(
    protected readonly asked: Asked,
    terms: CallTerms<Settings, Key>,
    protected readonly context: CallContext,
  ) {
    this.#terms = terms;
  }

  /** What is sent with this key. @throws GatewayError before anything is sent */
  protected abstract requestWith(key: Key): HttpRequest | Promise<HttpRequest>;

  /** Reads an answer of status 2xx. */
  protected abstract read(answer: HttpAnswer): BodyDecoder;

  /** The error for an answer of any other status. */
  protected abstract errorOf(answer: HttpAnswer, body: string): GatewayError;

  /** Finds the key anew: some belong to their call. @throws, or rejects with, GatewayError before anything is sent */
  request(): HttpRequest | Promise<HttpRequest> {
    const key = this.#terms.keys.find(this.context.key, this.asked.model);
    return 'then' in key ? key.then((found) => this.#requestWith(found)) : this.#requestWith(key);
  }

  decoder(answer: HttpAnswer): BodyDecoder {
    // An answer is being read: whatever comes of it, the key was let in.
    this.#key?.judge?.(undefined, this.context);
    this.#nested?.answered(answer);
    return this.read(answer);
  }

  failure(answer: HttpAnswer, body: string): GatewayError {
    this.#nested?.answered(answer);
    const error = this.errorOf(answer, body);
    this.#key?.judge?.(error, this.context);
    return error;
  }

  warn(warning: Warning): void {
    this.context.warn(warning);
  }

  /** Hears of comments in an event stream, where a gateway behind it may say there what it used. */
  get onComment(): ((text: string) => void) | undefined {
    return this.#nested?.heard;
  }

  /** What the request loses, and what loses nothing. @throws RequestLossError where the call is strict */
  protected tell(losses: readonly Warning[], notes?: readonly Warning[]): void {
    tellLosses(losses, this.context, notes);
  }

  protected get terms(): CallTerms<Settings, Key> {
    return this.#terms;
  }

  /** What was sent as the key, once there is a request. */
  protected get key(): Key | undefined {
    return this.#key;
  }

  /**
   * What the request is sent with, its key and its trace included, and what a gateway behind it is told. Once an attempt.
   * @param more of this attempt alone; `NO_HEADERS` for nothing, as for most.
   * @param contentType of the body; default JSON.
   */
  protected headers(delivery: Delivery, more: Headers = NO_HEADERS, contentType?: string): Headers {
    const { callHeaders } = this.#terms.settings;
    const trace = traceHeaders(this.context);
    const nested = this.#nestedHeaders();
    const token = this.#key?.token;
    if (trace === NO_HEADERS && nested === NO_HEADERS && more === NO_HEADERS && contentType === undefined)
      return callHeaders.of(token, delivery);
    return callHeaders.with(token, delivery, { ...trace, ...more, ...nested }, contentType);
  }

  #nestedHeaders(): Headers {
    const { settings, clock } = this.#terms;
    if (settings.nested === undefined) return NO_HEADERS;
    this.#nested = new NestedAttempt(settings.nested, this.context, clock);
    return this.#nested.headers;
  }

  #requestWith(key: Key): HttpRequest | Promise<HttpRequest> {
    this.#key = key;
    return this.requestWith(key);
  }
}
