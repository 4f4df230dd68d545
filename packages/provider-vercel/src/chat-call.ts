import type { CallContext, Clock, CompletionRequest, GatewayError } from '@headrace/core/plugin';
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
import { GatewayRecordReader } from './gateway-record.js';
import { mediaTypeOf } from './media-type.js';
import { applyProviderOptions } from './provider-options.js';
import { type Credential, findCredential } from './vercel-credentials.js';
import { errorFromAnswer, errorInBand, type FailureContext } from './vercel-errors.js';
import type { VercelSettings } from './vercel-settings.js';

const ACCEPT = { stream: 'text/event-stream', whole: 'application/json' } as const;

/** One attempt at one completion: what is sent, and what to make of the answer. */
export class ChatCall implements HttpHandlers {
  #credential: Credential | undefined;

  constructor(
    private readonly asked: CompletionRequest,
    private readonly settings: VercelSettings,
    private readonly context: CallContext,
    private readonly clock: Clock,
  ) {}

  /** Finds the credential anew: an OIDC token belongs to its request. @throws GatewayError before anything is sent */
  request(): HttpRequest {
    const { asked, settings, context } = this;
    const credential = findCredential(settings.apiKey, settings.env, this.clock.epochMs());
    this.#credential = credential;
    const { body, warnings } = encodeChatRequest(asked, { providerId: settings.id, reasoningField: 'reasoning' });
    const applied = applyProviderOptions(asked, settings);
    for (const warning of warnings) context.warn(warning);
    for (const warning of applied.warnings) context.warn(warning);
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
      body: JSON.stringify({ ...body, providerOptions: applied.providerOptions }),
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
    return new GatewayRecordReader(decoder, (warning) => this.context.warn(warning));
  }

  failure(answer: HttpAnswer, body: string): GatewayError {
    return errorFromAnswer(answer, body, this.#failureContext());
  }

  #failureContext(): FailureContext {
    return { origin: this.settings.origin, credential: this.#credential, epochMs: this.clock.epochMs() };
  }
}
