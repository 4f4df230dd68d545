import {
  type CompletionRequest,
  type GatewayError,
  InvalidRequestError,
  type JsonObject,
  type ModelRequest,
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
import type { UnaryRequest, UnaryRoute } from './unary-routes.js';

/** One attempt at one request: what is sent, and what to make of the answer. */
export class CompatibleCall
  extends ProviderCall<ModelRequest, CompatibleSettings, FoundKey>
  implements ChatDecoderOptions
{
  #route: UnaryRoute | undefined = undefined;

  protected override requestWith(): HttpRequest | Promise<HttpRequest> {
    const { asked } = this;
    this.#checkOptions();
    return asked.kind === 'completion' ? this.#completion(asked) : this.#unary(asked);
  }

  protected override read(answer: HttpAnswer): BodyDecoder {
    const { asked } = this;
    if (asked.kind === 'completion' && isStreamed(answer, asked.delivery)) return new ChatStreamDecoder(this);
    if (this.#route === undefined) return new ChatReplyDecoder(this);
    return this.#route.decoder({
      warn: (warning) => this.warn(warning),
      inBandError: (error, reply) => this.inBandError(error, reply),
    });
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

  /** What is needed for anything but a completion is loaded when it is first asked for. */
  async #unary(asked: UnaryRequest): Promise<HttpRequest> {
    const { routeOf } = await import('./unary-routes.js');
    const { settings } = this.terms;
    const route = routeOf(asked, settings, asked.providerOptions?.[settings.id] ?? {});
    this.#route = route;
    this.tell(route.warnings);
    return {
      method: 'POST',
      path: settings.pathOf(route.path, asked.model),
      headers: this.headers('whole', undefined, route.contentType),
      body: route.body,
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
