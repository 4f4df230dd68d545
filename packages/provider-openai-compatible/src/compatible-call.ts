import {
  type CompletionRequest,
  type EmbeddingRequest,
  type GatewayError,
  InvalidRequestError,
  type JsonObject,
} from '@headrace/core/plugin';
import {
  type BodyDecoder,
  type ChatDecoderOptions,
  ChatReplyDecoder,
  ChatStreamDecoder,
  type HttpAnswer,
  type HttpRequest,
} from '@headrace/wire';
import { type FoundKey, isStreamed, ProviderCall } from '@headrace/wire/provider';
import { errorFromAnswer, errorInBand, type FailureContext } from './compatible-errors.js';
import type { CompatibleSettings } from './compatible-settings.js';
import { encodeBody, ownOptions } from './encode-body.js';

/** What these endpoints can be asked. */
export type CompatibleRequest = CompletionRequest | EmbeddingRequest;

/** One attempt at one request: what is sent, and what to make of the answer. */
export class CompatibleCall
  extends ProviderCall<CompatibleRequest, CompatibleSettings, FoundKey>
  implements ChatDecoderOptions
{
  #embeddings: ((options: ChatDecoderOptions) => BodyDecoder) | undefined = undefined;

  protected override requestWith(): HttpRequest | Promise<HttpRequest> {
    const { asked } = this;
    this.#checkOptions();
    return asked.kind === 'completion' ? this.#completion(asked) : this.#embedding(asked);
  }

  protected override read(answer: HttpAnswer): BodyDecoder {
    const { asked } = this;
    if (asked.kind === 'completion' && isStreamed(answer, asked.delivery)) return new ChatStreamDecoder(this);
    return this.#embeddings?.(this) ?? new ChatReplyDecoder(this);
  }

  protected override errorOf(answer: HttpAnswer, body: string): GatewayError {
    return errorFromAnswer(answer, body, this.#failureContext());
  }

  inBandError(error: unknown, frame?: Readonly<Record<string, unknown>>): GatewayError {
    return errorInBand(error, this.#failureContext(), frame);
  }

  #completion(asked: CompletionRequest): HttpRequest {
    const { settings } = this.terms;
    const { body, warnings, notes } = encodeBody(asked, settings.id, settings.form, settings.preset.title);
    this.tell(warnings, notes);
    return {
      method: 'POST',
      path: settings.pathOf('/chat/completions', asked.model),
      headers: this.headers(asked.delivery),
      body: JSON.stringify(body),
    };
  }

  async #embedding(asked: EmbeddingRequest): Promise<HttpRequest> {
    const { embeddingReplyDecoder, encodeEmbeddingRequest } = await import('@headrace/wire/unary');
    this.#embeddings = (options) => embeddingReplyDecoder(asked, options);
    const { settings } = this.terms;
    // Most servers know no base64 here.
    const body = encodeEmbeddingRequest(asked, { encoding: settings.preset.maker === 'openai' ? 'base64' : 'float' });
    return {
      method: 'POST',
      path: settings.pathOf('/embeddings', asked.model),
      headers: this.headers('whole'),
      body: JSON.stringify({ ...body, ...asked.providerOptions?.[settings.id] }),
    };
  }

  /** @throws InvalidRequestError */
  #checkOptions(): void {
    const { id } = this.terms.settings;
    const { kind, providerOptions } = this.asked;
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
    const { settings, clock } = this.terms;
    return { title: settings.preset.title, origin: settings.origin, key: this.key, epochMs: clock.epochMs() };
  }
}
