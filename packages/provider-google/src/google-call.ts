import type { CallContext, CompletionRequest, GatewayError, ModelInfo } from '@headrace/core/plugin';
import type { BodyDecoder, HttpAnswer, HttpRequest } from '@headrace/wire';
import {
  type CallTerms,
  type FoundKey,
  FrameStreamDecoder,
  isStreamed,
  ProviderCall,
  upstreamText,
  WholeAnswerDecoder,
} from '@headrace/wire/provider';
import { encodeRequest } from './encode-request.js';
import { checkReply, GeminiAnswer, type GeminiAnswerOptions, notAnAnswer } from './gemini-answer.js';
import { errorFromAnswer, errorInBand, type FailureContext } from './google-errors.js';
import type { GoogleSettings } from './google-settings.js';

/** One attempt at one completion: what is sent, and what to make of the answer. */
export class GoogleCall
  extends ProviderCall<CompletionRequest, GoogleSettings, FoundKey>
  implements GeminiAnswerOptions
{
  readonly #info: ModelInfo | undefined;

  /** @param info what is known of the model */
  constructor(
    asked: CompletionRequest,
    terms: CallTerms<GoogleSettings, FoundKey>,
    context: CallContext,
    info: ModelInfo | undefined,
  ) {
    super(asked, terms, context);
    this.#info = info;
  }

  protected override requestWith(): HttpRequest {
    const { model, delivery } = this.asked;
    const { id, prefix } = this.terms.settings;
    const { body, warnings, notes } = encodeRequest(this.asked, id, this.#info);
    this.tell(warnings, notes);
    const method = delivery === 'stream' ? 'streamGenerateContent?alt=sse' : 'generateContent';
    return {
      method: 'POST',
      path: `${prefix}/models/${encodeURIComponent(model)}:${method}`,
      headers: this.headers(delivery),
      body: JSON.stringify(body),
    };
  }

  protected override read(answer: HttpAnswer): BodyDecoder {
    if (isStreamed(answer, this.asked.delivery)) return new FrameStreamDecoder(new GeminiAnswer(this), this);
    return new WholeAnswerDecoder({ open: () => new GeminiAnswer(this), fault: notAnAnswer, check: checkReply });
  }

  protected override errorOf(answer: HttpAnswer, body: string): GatewayError {
    return errorFromAnswer(answer, body, this.#failureContext());
  }

  inBandError(error: unknown): GatewayError {
    return errorInBand(error, this.#failureContext());
  }

  told(text: string): string {
    const key = this.key?.token?.reveal();
    return upstreamText(text, key === undefined ? [] : [key]);
  }

  #failureContext(): FailureContext {
    const { settings, clock } = this.terms;
    return { origin: settings.origin, key: this.key, epochMs: clock.epochMs() };
  }
}
