import type { FinishReason } from '@headrace/core/plugin';

/** https://ai.google.dev/api/generate-content#FinishReason */
const REASONS: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
]);

/** The model wrote what is no call, or no answer: there is nothing to deliver as whole. */
const FAULTS: ReadonlySet<string> = new Set(['MALFORMED_FUNCTION_CALL', 'MALFORMED_RESPONSE']);

/** What Gemini's reason means; `fault`: the answer is no answer. A stop with tool calls is their reason. */
export const finishReason = (raw: string, hasCalls: boolean): FinishReason | 'fault' => {
  if (FAULTS.has(raw)) return 'fault';
  const reason = REASONS.get(raw) ?? 'unknown';
  return reason === 'stop' && hasCalls ? 'tool-calls' : reason;
};
