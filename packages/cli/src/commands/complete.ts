import { GATEWAY_OPTIONS, HELP_OPTION } from '../command-option.js';
import { MAX_ATTEMPTS_OPTION, MODEL_OPTION, RECOVERY_OPTION, SYSTEM_OPTION } from '../completion-settings.js';
import { PARAMETER_OPTIONS } from '../parse-parameters.js';
import type { Command } from './command.js';

export const complete: Command = {
  name: 'complete',
  summary: 'ask a model and print its answer as it comes',
  usage: '[options] [PROMPT…]',
  description: [
    'Without a prompt it is read from standard input; text piped in beside a prompt follows after it.',
    'The answer goes to standard output and nothing else does. Progress and a receipt go to standard',
    'error, on a terminal only. Parameters a model does not take are refused before anything is spent.',
  ],
  options: [
    MODEL_OPTION,
    SYSTEM_OPTION,
    { name: 'json', summary: 'print one JSON document; a failure is one on standard error' },
    { name: 'schema', value: 'FILE', summary: 'JSON Schema the answer must fit; prints the validated value' },
    { name: 'whole', summary: 'fetch the answer in one piece instead of streaming it' },
    ...PARAMETER_OPTIONS,
    { name: 'timeout', value: 'SECONDS', summary: 'limit of the whole call, retries included' },
    MAX_ATTEMPTS_OPTION,
    RECOVERY_OPTION,
    ...GATEWAY_OPTIONS,
    { name: 'record', value: 'FOLDER', summary: 'write the exchange down as a fixture, without keys and prompts' },
    { name: 'show-reasoning', summary: 'print what the model thinks on standard error' },
    { name: 'quiet', short: 'q', summary: 'no progress and no receipt' },
    { name: 'verbose', short: 'v', summary: 'the receipt even into a pipe; stack traces of failures' },
    HELP_OPTION,
  ],
  examples: [
    'headrace complete Why is the sky blue?',
    'git diff | headrace complete Write a commit message for this change',
    'headrace complete -m anthropic/claude-haiku-4.5 --temperature 0.2 --json Name three rivers',
    'headrace complete --emulator Hello',
  ],
  takesWords: true,
  load: async () => (await import('./run-complete.js')).runComplete,
};
