import { HELP_OPTION } from '../command-option.js';
import { DEFAULT_EMULATOR_PORT } from '../emulate-settings.js';
import type { Command } from './command.js';

export const emulate: Command = {
  name: 'emulate',
  summary: 'serve an emulator of Vercel AI Gateway on this machine',
  usage: '[options]',
  description: [
    'For clients in any language: no key, no network, no cost, and no model behind it. Listens on',
    '127.0.0.1 only, until Ctrl-C. Where it is goes to standard output, one line for every request to',
    'standard error: never keys or prompts. Any request may order a fault with the header',
    'x-emulator-fault, in the form that --fault takes.',
  ],
  options: [
    { name: 'port', short: 'p', value: 'N', summary: `0 for a free one (default ${DEFAULT_EMULATOR_PORT})` },
    {
      name: 'key',
      value: 'KEY',
      repeatable: true,
      summary: 'accept this key only; may be repeated (default: all of vck_…)',
    },
    { name: 'balance', value: 'USD', summary: 'credit that answers are paid from, then 402 (default 100)' },
    { name: 'pace', value: 'N', summary: 'tokens per second in streams (default 0: no pauses)' },
    {
      name: 'fault',
      value: 'FAULT',
      repeatable: true,
      summary: 'what goes wrong with the next completion; may be repeated',
    },
    { name: 'json', summary: 'say where it is in one JSON document' },
    { name: 'quiet', short: 'q', summary: 'no line for a request' },
    { name: 'verbose', short: 'v', summary: 'stack traces of failures' },
    HELP_OPTION,
  ],
  examples: [
    'headrace emulate',
    'headrace emulate --port 0 --balance 0.01 --pace 40',
    "headrace emulate --fault 'status; status=429; retry-after=2' --fault 'cut; afterFrames=3'",
  ],
  takesWords: false,
  load: async () => (await import('./run-emulate.js')).runEmulate,
};
