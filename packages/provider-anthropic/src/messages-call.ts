import {
  type CallContext,
  type CompletionRequest,
  type GatewayError,
  type ModelInfo,
  tellLosses,
} from '@headrace/core/plugin';
import { type BodyDecoder, type HttpAnswer, type HttpRequest, headerOf } from '@headrace/wire';
import {
  encodeMessagesRequest,
  type MessagesDecoderOptions,
  MessagesReplyDecoder,
  MessagesStreamDecoder,
} from '@headrace/wire/messages';
import {
  type CallTerms,
  type FoundKey,
  type Headers,
  isStreamed,
  memberOf,
  ProviderCall,
  type WireObject,
} from '@headrace/wire/provider';
import { errorFromAnswer, errorInBand, type FailureContext, requestIdOf } from './anthropic-errors.js';
import type { AnthropicSettings } from './anthropic-settings.js';
import { applyCallOptions } from './call-options.js';
import { manners } from './model-families.js';

/** The keys of servers that the API is to ask in the caller's name. */
const serverSecrets = (servers: unknown): readonly string[] =>
  (Array.isArray(servers) ? servers : []).flatMap((server: unknown) => {
    const token = memberOf(server, 'authorization_token');
    return typeof token === 'string' ? [token] : [];
  });

/** The body of a request and the headers of its own, its warnings told. @throws InvalidRequestError before anything is sent */
export const messageBody = (
  asked: CompletionRequest,
  settings: AnthropicSettings,
  model: ModelInfo | undefined,
  context: Pick<CallContext, 'strict' | 'warn'>,
): { readonly body: string; readonly headers: Headers; readonly secrets: readonly string[] } => {
  const applied = applyCallOptions(asked, settings);
  const { body, warnings, notes } = encodeMessagesRequest(asked, {
    providerId: settings.id,
    maxTokens: model?.maxOutputTokens ?? settings.defaultMaxOutputTokens,
    thinkingDisplay: applied.thinkingDisplay,
    serverTools: applied.serverTools,
    marksItself: applied.body['cache_control'] !== undefined,
    ...manners(asked.model, model),
  });
  tellLosses(warnings, context, notes);
  return {
    body: JSON.stringify({ ...body, ...applied.body }),
    headers: settings.headersFor(applied.betas),
    secrets: serverSecrets(applied.body['mcp_servers']),
  };
};

/** One attempt at one message: what is sent, and what to make of the answer. */
export class MessagesCall
  extends ProviderCall<CompletionRequest, AnthropicSettings, FoundKey>
  implements MessagesDecoderOptions
{
  metadata: MessagesDecoderOptions['metadata'];
  readonly #model: ModelInfo | undefined;
  // Not a field that prints: they are secret.
  #secrets: readonly string[] = [];
  #requestId: string | undefined;

  /** @param model what is known of it */
  constructor(
    asked: CompletionRequest,
    terms: CallTerms<AnthropicSettings, FoundKey>,
    context: CallContext,
    model: ModelInfo | undefined,
  ) {
    super(asked, terms, context);
    this.#model = model;
  }

  protected override requestWith(): HttpRequest {
    const { settings } = this.terms;
    const { body, headers, secrets } = messageBody(this.asked, settings, this.#model, this.context);
    this.#secrets = secrets;
    return {
      method: 'POST',
      path: `${settings.prefix}/v1/messages`,
      headers: this.headers(this.asked.delivery, headers),
      body,
    };
  }

  protected override read(answer: HttpAnswer): BodyDecoder {
    this.#requestId = requestIdOf(headerOf(answer, 'request-id'));
    this.metadata = this.#requestId === undefined ? undefined : { request_id: this.#requestId };
    return isStreamed(answer, this.asked.delivery) ? new MessagesStreamDecoder(this) : new MessagesReplyDecoder(this);
  }

  protected override errorOf(answer: HttpAnswer, body: string): GatewayError {
    return errorFromAnswer(answer, body, this.#failureContext());
  }

  inBandError(error: unknown, frame?: WireObject): GatewayError {
    return errorInBand(error, this.#failureContext(), frame);
  }

  #failureContext(): FailureContext {
    const { settings, clock } = this.terms;
    return {
      origin: settings.origin,
      key: this.key,
      secrets: this.#secrets,
      epochMs: clock.epochMs(),
      requestId: this.#requestId,
    };
  }
}
