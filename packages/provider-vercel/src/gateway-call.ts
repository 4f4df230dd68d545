import {
  type CallContext,
  type Clock,
  type GatewayError,
  isTraceparent,
  type JsonValue,
  type Warning,
} from '@headrace/core/plugin';
import type { BodyDecoder, ChatDecoderOptions, HttpAnswer, HttpHandlers, HttpRequest } from '@headrace/wire';
import { type FailureContext, toldIn } from './failure-context.js';
import { type GatewayRecordOptions, GatewayRecordReader } from './gateway-record.js';
import { NestedAttempt, traceHeaders } from './nested-gateway.js';
import { ownKeysOf } from './own-keys.js';
import { NO_HEADERS } from './provider-options.js';
import type { Credential, VercelCredentials } from './vercel-credentials.js';
import { errorFromAnswer, errorInBand } from './vercel-errors.js';
import type { VercelSettings } from './vercel-settings.js';

/** One attempt at one request of whatever kind: what was sent with it decides how its answer is told. */
export abstract class GatewayCall<Asked> implements HttpHandlers, ChatDecoderOptions, GatewayRecordOptions {
  // Not `protected`: both hold secrets, and what is printed of a call must not show them.
  #credential: Credential | undefined = undefined;
  #gateway: JsonValue | undefined = undefined;
  #nested: NestedAttempt | undefined = undefined;

  constructor(
    protected readonly asked: Asked,
    protected readonly settings: VercelSettings,
    protected readonly context: CallContext,
    private readonly clock: Clock,
    protected readonly credentials: VercelCredentials,
  ) {}

  /** Finds the credential anew: an OIDC token belongs to its request. @throws GatewayError before anything is sent */
  abstract request(): HttpRequest | Promise<HttpRequest>;

  abstract decoder(answer: HttpAnswer): BodyDecoder;

  failure(answer: HttpAnswer, body: string): GatewayError {
    this.#nested?.answered(answer);
    const error = errorFromAnswer(answer, body, this.failureContext());
    this.#credential?.judge?.(error, this.context);
    return error;
  }

  /** To be called by `request`. @param gateway the routing options of the body */
  protected sends(credential: Credential, gateway: JsonValue | undefined): void {
    this.#credential = credential;
    this.#gateway = gateway;
  }

  /** To be called by `request`: what this attempt alone says in headers. `NO_HEADERS` for nothing, as for most. */
  protected headersWith(applied: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { settings, context } = this;
    if (settings.nested === undefined && context.trace === undefined) return applied;
    if (settings.nested !== undefined) this.#nested = new NestedAttempt(settings.nested, context, this.clock);
    const { traceparent } = context.trace ?? {};
    if (traceparent !== undefined && !isTraceparent(traceparent))
      context.warn({
        code: 'trace-dropped',
        field: 'trace.traceparent',
        message: 'The trace was not sent: its `traceparent` is none by W3C Trace Context.',
      });
    const headers = { ...traceHeaders(context), ...applied, ...this.#nested?.headers };
    return Object.keys(headers).length === 0 ? NO_HEADERS : headers;
  }

  protected failureContext(): FailureContext {
    return {
      origin: this.settings.origin,
      credential: this.#credential,
      ownKeys: ownKeysOf(this.#gateway),
      epochMs: this.clock.epochMs(),
    };
  }

  /** A decoder that reads the gateway's record too. */
  protected withRecord(decoder: BodyDecoder, answer: HttpAnswer): BodyDecoder {
    this.#nested?.answered(answer);
    // An answer is being read: whatever comes of it, the key was let in.
    this.#credential?.judge?.(undefined, this.context);
    return new GatewayRecordReader(decoder, this);
  }

  // What the decoders need of a call: it is given to them itself, since closures for each attempt add up.

  get routing(): JsonValue | undefined {
    return this.#gateway;
  }

  warn(warning: Warning): void {
    this.context.warn(warning);
  }

  /** Upstream's words without the credentials that this call sent. */
  told(text: string): string {
    return toldIn(this.failureContext(), text);
  }

  inBandError(error: unknown, frame?: Readonly<Record<string, unknown>>): GatewayError {
    return errorInBand(error, this.failureContext(), frame);
  }
}
