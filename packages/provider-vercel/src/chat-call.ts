import type { CompletionRequest } from '@headrace/core/plugin';
import {
  type BodyDecoder,
  ChatReplyDecoder,
  ChatStreamDecoder,
  encodeChatRequest,
  type HttpAnswer,
  type HttpRequest,
} from '@headrace/wire';
import { mediaTypeOf } from '@headrace/wire/provider';
import { chatReasoning } from './chat-reasoning.js';
import { GatewayCall } from './gateway-call.js';
import { applyProviderOptions, NO_HEADERS } from './provider-options.js';
import type { Credential } from './vercel-credentials.js';

/** What the gateway has of the dialect's choices. */
const CHAT_FORM = { reasoningField: 'reasoning', fileForm: 'data' } as const;

/** One attempt at one completion: what is sent, and what to make of the answer. */
export class ChatCall extends GatewayCall<CompletionRequest> {
  request(): HttpRequest | Promise<HttpRequest> {
    const credential = this.credentials.find(this.context.key, this.asked.model);
    return 'then' in credential ? credential.then((found) => this.#requestWith(found)) : this.#requestWith(credential);
  }

  #requestWith(credential: Credential): HttpRequest {
    const { asked, settings, context } = this;
    const { completionHeaders } = settings;
    const { token } = credential;
    const { body, warnings } = encodeChatRequest(asked, { providerId: settings.id, ...CHAT_FORM });
    const applied = applyProviderOptions(asked, settings);
    const { providerOptions } = applied;
    const headers = this.headersWith(applied.headers);
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
    this.sends(credential, providerOptions?.['gateway']);
    return {
      method: 'POST',
      path: `${settings.prefix}/v1/chat/completions`,
      headers:
        headers === NO_HEADERS
          ? completionHeaders.of(token, asked.delivery)
          : completionHeaders.with(token, asked.delivery, headers),
      body: JSON.stringify(
        providerOptions === undefined && reasoning === body['reasoning']
          ? body
          : { ...body, reasoning, providerOptions },
      ),
    };
  }

  decoder(answer: HttpAnswer): BodyDecoder {
    // What came decides, not what was asked for: some answers to a stream are plain JSON, errors above all.
    const type = mediaTypeOf(answer);
    const isStream = type === 'text/event-stream' || (type !== 'application/json' && this.asked.delivery === 'stream');
    const decoder = isStream ? new ChatStreamDecoder(this) : new ChatReplyDecoder(this);
    return this.withRecord(decoder, answer);
  }
}
