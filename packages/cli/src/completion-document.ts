import type { Completion } from '@headrace/core';
import { receiptDocument } from './receipt-document.js';

/** What `--json` prints: always these fields, `null` where nothing is known. */
export const completionDocument = (completion: Completion<unknown>, withOutput: boolean): Record<string, unknown> => ({
  text: completion.text,
  ...(withOutput ? { output: completion.output } : {}),
  reasoning: completion.reasoning,
  toolCalls: completion.toolCalls.map(({ id, name, arguments: value }) => ({ id, name, arguments: value })),
  files: completion.files.map(({ mediaType, source }) => ({ mediaType, source })),
  citations: completion.citations.map(({ url, title, citedText, document }) => ({
    url: url ?? null,
    title: title ?? null,
    citedText: citedText ?? null,
    document: document ?? null,
  })),
  finishReason: completion.finishReason,
  rawFinishReason: completion.rawFinishReason,
  usage: completion.usage ?? null,
  cost: completion.cost ?? null,
  provider: completion.provider,
  model: completion.model,
  responseId: completion.responseId,
  warnings: completion.warnings,
  receipt: receiptDocument(completion.receipt),
});
