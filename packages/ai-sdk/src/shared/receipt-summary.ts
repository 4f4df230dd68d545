import type { JSONObject, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { JsonObject, Receipt } from '@headrace/core';
import { jsonOf } from './json.js';
import { OWN } from './own-options.js';

/** What of a receipt goes into `providerMetadata`: who was asked, what became of it, what it cost. No text of anybody. */
export const receiptOf = (receipt: Receipt): JSONObject => {
  const { id, outcome, durationMs, firstContentMs, servedBy, skipped, cost, usage, recovery, cache, warnings } =
    receipt;
  return jsonOf({
    id,
    outcome,
    durationMs,
    firstContentMs,
    servedBy,
    attempts: receipt.attempts.map(({ provider, model, role, outcome: end, durationMs: took, failure }) => ({
      provider,
      model,
      role,
      outcome: end,
      durationMs: took,
      code: failure?.code,
    })),
    skipped: skipped?.map(({ target, code }) => ({ target, code })),
    cost,
    usageCertainty: usage?.certainty,
    recovery: recovery === undefined ? undefined : { mode: recovery.mode, succeeded: recovery.succeeded },
    cache: cache?.status,
    warnings,
  });
};

/**
 * What is said beside an answer: the receipt under our name, and what the upstream said under that of its provider.
 * @param more members that stand beside the receipt
 */
export const metadataOf = (
  receipt: Receipt,
  upstream: JsonObject | undefined,
  more: JSONObject = {},
): SharedV4ProviderMetadata => {
  const provider = receipt.servedBy?.provider;
  const told = upstream === undefined || provider === undefined ? {} : { [provider]: jsonOf(upstream) };
  // Last: a provider may be called as we are.
  return { ...told, [OWN]: { ...told[OWN], ...more, receipt: receiptOf(receipt) } };
};
