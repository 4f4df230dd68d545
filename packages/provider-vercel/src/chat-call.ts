import type { CompletionRequest } from '@headrace/core/plugin';
import {
  type BodyDecoder,
  ChatReplyDecoder,
  ChatStreamDecoder,
  encodeChatRequest,
  type HttpAnswer,
  type HttpRequest,
} from '@headrace/wire';
import { isStreamed } from '@headrace/wire/provider';
import { chatReasoning } from './chat-reasoning.js';
import { GatewayCall } from './gateway-call.js';
import { applyProviderOptions } from './provider-options.js';

/** What the gateway has of the dialect's choices. */
const CHAT_FORM = { reasoningField: 'reasoning', fileForm: 'data' } as const;

/** Both lists; the second is empty in most calls. */
const joined = <T>(one: readonly T[], other: readonly T[]): readonly T[] =>
  other.length === 0 ? one : [...one, ...other];

/** One attempt at one completion: what is sent, and what to make of the answer. */
export class ChatCall extends GatewayCall<CompletionRequest> {
  protected override requestWith(): HttpRequest {
    const { asked } = this;
    const { settings } = this.terms;
    const { body, warnings, notes } = encodeChatRequest(asked, { providerId: settings.id, ...CHAT_FORM });
    const applied = applyProviderOptions(asked, settings);
    const { providerOptions } = applied;
    this.tell(joined(warnings, applied.losses), joined(notes, applied.notes));
    const headers = this.headers(asked.delivery, applied.headers);
    let { reasoning } = body;
    if (applied.reasoning !== undefined)
      reasoning = chatReasoning(
        asked.parameters,
        reasoning,
        applied.reasoning,
        `providerOptions.${settings.id}.reasoning`,
      );
    this.sends(providerOptions?.['gateway']);
    return {
      method: 'POST',
      path: `${settings.prefix}/v1/chat/completions`,
      headers,
      body: JSON.stringify(
        providerOptions === undefined && reasoning === body['reasoning']
          ? body
          : { ...body, reasoning, providerOptions },
      ),
    };
  }

  protected override decoderOf(answer: HttpAnswer): BodyDecoder {
    return isStreamed(answer, this.asked.delivery) ? new ChatStreamDecoder(this) : new ChatReplyDecoder(this);
  }
}
