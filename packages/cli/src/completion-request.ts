import type { CompletionOptions, JsonSchema } from '@headrace/core';
import type { CompletionSettings } from './completion-settings.js';

/** The call that the options of a command line stand for. Nothing is dropped in silence: it is strict. */
export const completionRequest = (
  settings: CompletionSettings,
  prompt: string,
  schema: JsonSchema | undefined,
  signal: AbortSignal,
): CompletionOptions<unknown> => ({
  ...settings.parameters,
  model: settings.model,
  prompt,
  ...(settings.system === undefined ? {} : { system: settings.system }),
  ...(settings.timeoutMs === undefined ? {} : { timeoutMs: settings.timeoutMs }),
  ...(settings.maxAttempts === undefined ? {} : { maxAttempts: settings.maxAttempts }),
  ...(settings.recovery === undefined ? {} : { recovery: settings.recovery }),
  ...(schema === undefined ? {} : { output: schema }),
  delivery: settings.whole ? 'whole' : 'stream',
  strict: true,
  signal,
});
