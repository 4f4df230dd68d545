import type { FinishReason } from '@headrace/core/plugin';

const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'content-filter'],
]);

/**
 * The contract's reason for a `stop_reason`. `unknown` for words that nobody documented, and for `pause_turn`: the turn is
 * neither over nor cut, and goes on when the answer is sent back as it is.
 * Source: https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
 */
export const reasonOfStop = (word: string): FinishReason => REASONS.get(word) ?? 'unknown';
