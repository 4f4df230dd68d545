import type { CallContext, Clock, CompletionRequest, GatewayError, JsonValue } from '@headrace/core/plugin';
import {
  type BodyDecoder,
  type ChatDecoderOptions,
  ChatReplyDecoder,
  ChatStreamDecoder,
  encodeChatRequest,
  type HttpAnswer,
  type HttpHandlers,
  type HttpRequest,
} from '@headrace/wire';
import { chatReasoning } from './chat-reasoning.js';
import { type FailureContext, toldIn } from './failure-context.js';
import { GatewayRecordReader } from './gateway-record.js';
import { mediaTypeOf } from './media-type.js';
import { ownKeysOf } from './own-keys.js';
import { applyProviderOptions } from './provider-options.js';
import type { Credential, VercelCredentials } from './vercel-credentials.js';
import { errorFromAnswer, errorInBand } from './vercel-errors.js';
import type { VercelSettings } from './vercel-settings.js';

/** What the gateway has of the dialect's choices. */
const CHAT_FORM = { reasoningField: 'reasoning', fileForm: 'data' } as const;

const ACCEPT = { stream: 'text/event-stream', whole: 'application/json' } as const;

/** One attempt at one completion: what is sent, and what to make of the answer. */
export class ChatCall implements HttpHandlers {
  #credential: Credential | undefined;
  /** The routing options that were sent. */
  #gateway: JsonValue | undefined;

  constructor(
    private readonly asked: CompletionRequest,
    private readonly settings: VercelSettings,
    private readonly context: CallContext,
    private readonly clock: Clock,
    private readonly credentials: VercelCredentials,
  ) {}

  /** Finds the credential anew: an OIDC token belongs to its request. @throws GatewayError before anything is sent */
  request(): HttpRequest | Promise<HttpRequest> {
    const credential = this.credentials.find();
    return 'then' in credential ? credential.then((found) => this.#requestWith(found)) : this.#requestWith(credential);
  }

  #requestWith(credential: Credential): HttpRequest {
    const { asked, settings, context } = this;
    this.#credential = credential;
    const { body, warnings } = encodeChatRequest(asked, { providerId: settings.id, ...CHAT_FORM });
    const applied = applyProviderOptions(asked, settings);
    const { providerOptions } = applied;
    for (const warning of warnings) context.warn(warning);
    for (const warning of applied.warnings) context.warn(warning);
    let { reasoning } = body;
    if (applied.reasoning !== undefined)
      reasoning = chatReasoning(
        asked.parameters,
        reasoning,
        applied.reasoning,
        `providerOptions.${settings.id}.reasoning`,
      );
    this.#gateway = providerOptions?.['gateway'];
    return {
      method: 'POST',
      path: `${settings.prefix}/v1/chat/completions`,
      headers: {
        ...settings.headers,
        ...applied.headers,
        accept: ACCEPT[asked.delivery],
        authorization: `Bearer ${credential.token.reveal()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ ...body, reasoning, providerOptions }),
    };
  }

  decoder(answer: HttpAnswer): BodyDecoder {
    const options: ChatDecoderOptions = {
      warn: (warning) => this.context.warn(warning),
      inBandError: (error, frame) => errorInBand(error, this.#failureContext(), frame),
    };
    // What came decides, not what was asked for: some answers to a stream are plain JSON, errors above all.
    const type = mediaTypeOf(answer);
    const isStream = type === 'text/event-stream' || (type !== 'application/json' && this.asked.delivery === 'stream');
    const decoder = isStream ? new ChatStreamDecoder(options) : new ChatReplyDecoder(options);
    return new GatewayRecordReader(decoder, {
      warn: (warning) => this.context.warn(warning),
      told: (text) => toldIn(this.#failureContext(), text),
      asked: this.#gateway,
    });
  }

  failure(answer: HttpAnswer, body: string): GatewayError {
    return errorFromAnswer(answer, body, this.#failureContext());
  }

  #failureContext(): FailureContext {
    return {
      origin: this.settings.origin,
      credential: this.#credential,
      ownKeys: ownKeysOf(this.#gateway),
      epochMs: this.clock.epochMs(),
    };
  }
}
