import type { FinishReason } from '@headrace/core/plugin';

const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  // Of Mistral: the end of the model's window, not of what the call allowed.
  ['model_length', 'length'],
  ['tool_calls', 'tool-calls'],
  // Written before `tools` existed; some servers still send it.
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
]);

const WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  unknown: 'unknown',
};

/** The contract's reason for the dialect's `finish_reason`; `unknown` for words nobody documented. */
export const finishReason = (word: string): FinishReason => REASONS.get(word) ?? 'unknown';

/** The dialect's word for a reason: the upstream's own where it means the same here. */
export const finishWord = (reason: FinishReason, rawReason: string): string => {
  if (finishReason(rawReason) === reason && rawReason !== '' && rawReason !== 'model_length') return rawReason;
  return WORDS[reason];
};
