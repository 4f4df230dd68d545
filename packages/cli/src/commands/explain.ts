import { GATEWAY_OPTIONS, HELP_OPTION } from '../command-option.js';
import { MAX_ATTEMPTS_OPTION, MODEL_OPTION, RECOVERY_OPTION, SYSTEM_OPTION } from '../completion-settings.js';
import { PARAMETER_OPTIONS } from '../parse-parameters.js';
import type { Command } from './command.js';

export const explain: Command = {
  name: 'explain',
  summary: 'say where a completion would go and what it would cost, without making it',
  usage: '[options] [PROMPT…]',
  description: [
    'Takes the prompt and the options of headrace complete. Needs neither key nor network: nothing is',
    'sent, nothing is spent. Tokens and prices are estimates, and say how far off they may be. Ends with',
    'the exit code 2 when no target can serve the request.',
  ],
  options: [
    MODEL_OPTION,
    SYSTEM_OPTION,
    { name: 'json', summary: 'print one JSON document' },
    { name: 'schema', value: 'FILE', summary: 'JSON Schema the answer must fit' },
    { name: 'whole', summary: 'as if the answer were fetched in one piece' },
    ...PARAMETER_OPTIONS,
    { name: 'timeout', value: 'SECONDS', summary: 'as for complete; changes nothing here' },
    MAX_ATTEMPTS_OPTION,
    RECOVERY_OPTION,
    ...GATEWAY_OPTIONS,
    { name: 'verbose', short: 'v', summary: 'stack traces of failures' },
    HELP_OPTION,
  ],
  examples: [
    'headrace explain Why is the sky blue?',
    'headrace explain -m anthropic/claude-haiku-4.5 --max-output-tokens 500 < long.txt',
    'headrace explain --json Hello',
  ],
  takesWords: true,
  load: async () => (await import('./run-explain.js')).runExplain,
};
