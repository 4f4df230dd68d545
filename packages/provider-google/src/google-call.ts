import type { CallContext, Clock, CompletionRequest, GatewayError, ModelInfo, Warning } from '@headrace/core/plugin';
import type { BodyDecoder, HttpAnswer, HttpHandlers, HttpRequest } from '@headrace/wire';
import {
  type FoundKey,
  FrameStreamDecoder,
  type KeyFinder,
  mediaTypeOf,
  upstreamText,
  WholeAnswerDecoder,
} from '@headrace/wire/provider';
import { encodeRequest } from './encode-request.js';
import { checkReply, GeminiAnswer, type GeminiAnswerOptions, notAnAnswer } from './gemini-answer.js';
import { errorFromAnswer, errorInBand, type FailureContext } from './google-errors.js';
import type { GoogleSettings } from './google-settings.js';

/** What a call needs of its client. */
export interface GoogleCallTerms {
  readonly settings: GoogleSettings;
  readonly keys: KeyFinder;
  readonly clock: Clock;
  readonly info: ModelInfo | undefined;
}

/** One attempt at one completion: what is sent, and what to make of the answer. */
export class GoogleCall implements HttpHandlers, GeminiAnswerOptions {
  // Not fields that print: the credential is a secret.
  #credential: FoundKey | undefined;
  readonly #asked: CompletionRequest;
  readonly #terms: GoogleCallTerms;
  readonly #context: CallContext;

  constructor(asked: CompletionRequest, terms: GoogleCallTerms, context: CallContext) {
    this.#asked = asked;
    this.#terms = terms;
    this.#context = context;
  }

  /** @throws GatewayError before anything is sent */
  request(): HttpRequest | Promise<HttpRequest> {
    const credential = this.#terms.keys.find(this.#context.key, this.#asked.model);
    return 'then' in credential ? credential.then((found) => this.#requestWith(found)) : this.#requestWith(credential);
  }

  #requestWith(credential: FoundKey): HttpRequest {
    const { settings, info } = this.#terms;
    this.#credential = credential;
    const { body, warnings } = encodeRequest(this.#asked, settings.id, info);
    for (const warning of warnings) this.#context.warn(warning);
    const isStream = this.#asked.delivery === 'stream';
    return {
      method: 'POST',
      path: `${settings.prefix}/models/${encodeURIComponent(this.#asked.model)}:${isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      headers: {
        ...settings.headers,
        accept: isStream ? 'text/event-stream' : 'application/json',
        'content-type': 'application/json',
        ...(credential.token === undefined ? {} : { 'x-goog-api-key': credential.token.reveal() }),
      },
      body: JSON.stringify(body),
    };
  }

  decoder(answer: HttpAnswer): BodyDecoder {
    // An answer is being read: whatever comes of it, the key was let in.
    this.#credential?.judge?.(undefined, this.#context);
    // What came decides, not what was asked for: some answers to a stream are plain JSON, errors above all.
    const type = mediaTypeOf(answer);
    const isStream = type === 'text/event-stream' || (type !== 'application/json' && this.#asked.delivery === 'stream');
    if (isStream) return new FrameStreamDecoder(new GeminiAnswer(this), this);
    return new WholeAnswerDecoder({ open: () => new GeminiAnswer(this), fault: notAnAnswer, check: checkReply });
  }

  failure(answer: HttpAnswer, body: string): GatewayError {
    const error = errorFromAnswer(answer, body, this.#failureContext());
    this.#credential?.judge?.(error, this.#context);
    return error;
  }

  inBandError(error: unknown): GatewayError {
    return errorInBand(error, this.#failureContext());
  }

  warn(warning: Warning): void {
    this.#context.warn(warning);
  }

  told(text: string): string {
    const key = this.#credential?.token?.reveal();
    return upstreamText(text, key === undefined ? [] : [key]);
  }

  #failureContext(): FailureContext {
    return {
      origin: this.#terms.settings.origin,
      key: this.#credential?.token?.reveal(),
      keyName: this.#credential?.called ?? 'a call without a key',
      epochMs: this.#terms.clock.epochMs(),
    };
  }
}
