import { EMULATOR_OPTIONS, HELP_OPTION } from '../command-option.js';
import { DEFAULT_MODEL } from '../completion-settings.js';
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
    {
      name: 'model',
      short: 'm',
      value: 'MODEL',
      summary: `default ${DEFAULT_MODEL}, or HEADRACE_MODEL`,
    },
    { name: 'system', value: 'TEXT', summary: 'system message before the prompt' },
    { name: 'json', summary: 'print one JSON document' },
    { name: 'schema', value: 'FILE', summary: 'JSON Schema the answer must fit' },
    { name: 'whole', summary: 'as if the answer were fetched in one piece' },
    ...PARAMETER_OPTIONS,
    { name: 'timeout', value: 'SECONDS', summary: 'as for complete; changes nothing here' },
    { name: 'max-attempts', value: 'N', summary: 'tries in all, 1 to 10 (default 3)' },
    ...EMULATOR_OPTIONS,
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
