import type { LanguageModelV4FinishReason, LanguageModelV4Usage, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { Receipt } from '@headrace/core';
import { metadataOf } from '../shared/receipt-summary.js';
import type { EndEvent } from './answer-parts.js';
import { finishReasonOf, usageOf } from './usage.js';

/** What is told when an answer is whole. */
export interface AnswerEnd {
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
  readonly providerMetadata: SharedV4ProviderMetadata;
}

/** The end of an answer, from the upstream's proof of it and the receipt of the call. */
export const answerEnd = ({ reason, rawReason, usage, providerMetadata }: EndEvent, receipt: Receipt): AnswerEnd => ({
  finishReason: finishReasonOf(reason, rawReason),
  // Of an answer that several attempts brought, the last one knows only its part.
  usage: usageOf(receipt.recovery === undefined ? usage : receipt.usage),
  providerMetadata: metadataOf(receipt, providerMetadata),
});
