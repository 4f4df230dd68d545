import {
  type CallContext,
  type Clock,
  type CompletionRequest,
  type EmbeddingRequest,
  type GatewayError,
  InvalidRequestError,
  type JsonObject,
  type Warning,
} from '@headrace/core/plugin';
import {
  type BodyDecoder,
  type ChatDecoderOptions,
  ChatReplyDecoder,
  ChatStreamDecoder,
  type HttpAnswer,
  type HttpHandlers,
  type HttpRequest,
} from '@headrace/wire';
import { type FoundKey, type KeyFinder, mediaTypeOf } from '@headrace/wire/provider';
import { errorFromAnswer, errorInBand, type FailureContext } from './compatible-errors.js';
import type { CompatibleSettings } from './compatible-settings.js';
import { encodeBody, ownOptions } from './encode-body.js';

/** What a call needs of its client. */
export interface CompatibleCallTerms {
  readonly settings: CompatibleSettings;
  readonly keys: KeyFinder;
  readonly clock: Clock;
}

/** The header that carries a key. */
export const keyHeader = ({ preset }: CompatibleSettings, { token }: FoundKey): Readonly<Record<string, string>> => {
  if (token === undefined) return {};
  return preset.auth === 'api-key' ? { 'api-key': token.reveal() } : { authorization: `Bearer ${token.reveal()}` };
};

/** One attempt at one request: what is sent, and what to make of the answer. */
export class CompatibleCall implements HttpHandlers, ChatDecoderOptions {
  // Not fields that print: the credential is a secret.
  #credential: FoundKey | undefined;
  readonly #asked: CompletionRequest | EmbeddingRequest;
  readonly #terms: CompatibleCallTerms;
  readonly #context: CallContext;
  #embeddings: ((options: ChatDecoderOptions) => BodyDecoder) | undefined;

  constructor(asked: CompletionRequest | EmbeddingRequest, terms: CompatibleCallTerms, context: CallContext) {
    this.#asked = asked;
    this.#terms = terms;
    this.#context = context;
  }

  /** @throws GatewayError before anything is sent */
  async request(): Promise<HttpRequest> {
    const { settings, keys } = this.#terms;
    const asked = this.#asked;
    const credential = await keys.find(this.#context.key, asked.model);
    this.#credential = credential;
    const [route, body, isStream] =
      asked.kind === 'completion' ? this.#completion(asked) : await this.#embedding(asked);
    return {
      method: 'POST',
      path: settings.pathOf(route, asked.model),
      headers: {
        ...settings.headers,
        accept: isStream ? 'text/event-stream' : 'application/json',
        'content-type': 'application/json',
        ...keyHeader(settings, credential),
      },
      body: JSON.stringify(body),
    };
  }

  decoder(answer: HttpAnswer): BodyDecoder {
    // An answer is being read: whatever comes of it, the key was let in.
    this.#credential?.judge?.(undefined, this.#context);
    if (this.#embeddings !== undefined) return this.#embeddings(this);
    const isAsked = this.#asked.kind === 'completion' && this.#asked.delivery === 'stream';
    // What came decides, not what was asked for: some answers to a stream are plain JSON, errors above all.
    const type = mediaTypeOf(answer);
    const isStream = type === 'text/event-stream' || (type !== 'application/json' && isAsked);
    return isStream ? new ChatStreamDecoder(this) : new ChatReplyDecoder(this);
  }

  failure(answer: HttpAnswer, body: string): GatewayError {
    const error = errorFromAnswer(answer, body, this.#failureContext());
    this.#credential?.judge?.(error, this.#context);
    return error;
  }

  inBandError(error: unknown, frame?: Readonly<Record<string, unknown>>): GatewayError {
    return errorInBand(error, this.#failureContext(), frame);
  }

  warn(warning: Warning): void {
    this.#context.warn(warning);
  }

  #completion(asked: CompletionRequest): readonly [string, JsonObject, boolean] {
    const { id, form, preset } = this.#terms.settings;
    this.#checkOptions(asked);
    const { body, warnings } = encodeBody(asked, id, form, preset.title);
    for (const warning of warnings) this.#context.warn(warning);
    return ['/chat/completions', body, asked.delivery === 'stream'];
  }

  async #embedding(asked: EmbeddingRequest): Promise<readonly [string, JsonObject, boolean]> {
    const { embeddingReplyDecoder, encodeEmbeddingRequest } = await import('@headrace/wire/unary');
    this.#embeddings = (options) => embeddingReplyDecoder(asked, options);
    const { id, preset } = this.#terms.settings;
    this.#checkOptions(asked);
    // Most servers know no base64 here.
    const body = encodeEmbeddingRequest(asked, { encoding: preset.maker === 'openai' ? 'base64' : 'float' });
    return ['/embeddings', { ...body, ...asked.providerOptions?.[id] }, false];
  }

  /** @throws InvalidRequestError */
  #checkOptions({ kind, providerOptions }: CompletionRequest | EmbeddingRequest): void {
    const { id } = this.#terms.settings;
    const own = ownOptions((providerOptions?.[id] ?? {}) as JsonObject, kind);
    if (own.length === 0) return;
    throw new InvalidRequestError(
      own.map((name) => ({
        field: `providerOptions.${id}.${name}`,
        message: 'is said by the call itself and cannot be replaced here.',
      })),
    );
  }

  #failureContext(): FailureContext {
    const { settings, clock } = this.#terms;
    return {
      title: settings.preset.title,
      origin: settings.origin,
      key: this.#credential?.token?.reveal(),
      keyName: this.#credential?.called,
      epochMs: clock.epochMs(),
    };
  }
}
