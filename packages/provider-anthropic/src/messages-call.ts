import {
  type CallContext,
  type Clock,
  type CompletionRequest,
  type GatewayError,
  type ModelInfo,
  type Warning,
} from '@headrace/core/plugin';
import { type BodyDecoder, type HttpAnswer, type HttpHandlers, type HttpRequest, headerOf } from '@headrace/wire';
import {
  encodeMessagesRequest,
  type MessagesDecoderOptions,
  MessagesReplyDecoder,
  MessagesStreamDecoder,
} from '@headrace/wire/messages';
import { mediaTypeOf, memberOf, type WireObject } from '@headrace/wire/provider';
import type { AnthropicCredentials, Credential } from './anthropic-credentials.js';
import { errorFromAnswer, errorInBand, type FailureContext, requestIdOf } from './anthropic-errors.js';
import type { AnthropicSettings } from './anthropic-settings.js';
import { applyCallOptions } from './call-options.js';
import { manners } from './model-families.js';

/** What one message is made with. */
export interface MessagesCallParts {
  readonly settings: AnthropicSettings;
  readonly credentials: AnthropicCredentials;
  readonly clock: Clock;
  readonly model: ModelInfo | undefined;
}

/** The keys of servers that the API is to ask in the caller's name. */
const serverSecrets = (servers: unknown): readonly string[] =>
  (Array.isArray(servers) ? servers : []).flatMap((server: unknown) => {
    const token = memberOf(server, 'authorization_token');
    return typeof token === 'string' ? [token] : [];
  });

/** The body of a request, its warnings told. @throws InvalidRequestError before anything is sent */
export const messageBody = (
  asked: CompletionRequest,
  { settings, model }: Pick<MessagesCallParts, 'settings' | 'model'>,
  context: Pick<CallContext, 'warn'>,
): { readonly body: string; readonly betas: readonly string[]; readonly secrets: readonly string[] } => {
  const applied = applyCallOptions(asked, settings);
  const { body, warnings } = encodeMessagesRequest(asked, {
    providerId: settings.id,
    maxTokens: model?.maxOutputTokens ?? settings.defaultMaxOutputTokens,
    thinkingDisplay: applied.thinkingDisplay,
    serverTools: applied.serverTools,
    ...manners(asked.model, model),
  });
  for (const warning of warnings) context.warn(warning);
  return {
    body: JSON.stringify({ ...body, ...applied.body }),
    betas: applied.betas,
    secrets: serverSecrets(applied.body['mcp_servers']),
  };
};

/** One attempt at one message: what is sent, and what to make of the answer. */
export class MessagesCall implements HttpHandlers, MessagesDecoderOptions {
  metadata: MessagesDecoderOptions['metadata'];
  readonly #asked: CompletionRequest;
  readonly #parts: MessagesCallParts;
  readonly #context: CallContext;
  // Not fields that print: they hold secrets.
  #credential: Credential | undefined;
  #secrets: readonly string[] = [];
  #requestId: string | undefined;

  constructor(asked: CompletionRequest, parts: MessagesCallParts, context: CallContext) {
    this.#asked = asked;
    this.#parts = parts;
    this.#context = context;
  }

  /** @throws GatewayError before anything is sent */
  request(): HttpRequest | Promise<HttpRequest> {
    const credential = this.#parts.credentials.find(this.#context.key, this.#asked.model);
    return 'then' in credential ? credential.then((found) => this.#requestWith(found)) : this.#requestWith(credential);
  }

  decoder(answer: HttpAnswer): BodyDecoder {
    // An answer is being read: whatever comes of it, the key was let in.
    this.#credential?.judge?.(undefined, this.#context);
    this.#requestId = requestIdOf(headerOf(answer, 'request-id'));
    this.metadata = this.#requestId === undefined ? undefined : { request_id: this.#requestId };
    // What came decides, not what was asked for: some answers to a stream are plain JSON, errors above all.
    const type = mediaTypeOf(answer);
    const isStream = type === 'text/event-stream' || (type !== 'application/json' && this.#asked.delivery === 'stream');
    return isStream ? new MessagesStreamDecoder(this) : new MessagesReplyDecoder(this);
  }

  failure(answer: HttpAnswer, body: string): GatewayError {
    const error = errorFromAnswer(answer, body, this.#failureContext());
    this.#credential?.judge?.(error, this.#context);
    return error;
  }

  // What the decoders need of a call: it is given to them itself, since closures for each attempt add up.

  warn(warning: Warning): void {
    this.#context.warn(warning);
  }

  inBandError(error: unknown, frame?: WireObject): GatewayError {
    return errorInBand(error, this.#failureContext(), frame);
  }

  #requestWith(credential: Credential): HttpRequest {
    const { settings } = this.#parts;
    const { body, betas, secrets } = messageBody(this.#asked, this.#parts, this.#context);
    this.#credential = credential;
    this.#secrets = secrets;
    return {
      method: 'POST',
      path: `${settings.prefix}/v1/messages`,
      headers: settings.messageHeaders.of(credential.token, this.#asked.delivery, betas),
      body,
    };
  }

  #failureContext(): FailureContext {
    const { settings, clock } = this.#parts;
    return {
      origin: settings.origin,
      credential: this.#credential,
      secrets: this.#secrets,
      epochMs: clock.epochMs(),
      requestId: this.#requestId,
    };
  }
}
