import { HELP_OPTION } from '../command-option.js';
import type { Command } from './command.js';

export const faultLab: Command = {
  name: 'fault-lab',
  summary: 'see what becomes of calls when an upstream fails in every way it can',
  usage: '[options]',
  description: [
    'Plays a catalogue of faults from a misbehaving upstream on 127.0.0.1, streamed and whole, against a',
    'configuration: no key, no network, no cost. A call is rescued when the caller has the complete',
    'answer, honest when one error says what went wrong, and failed when it is neither, as judged by what',
    'the caller received and what the upstream saw. Exits with 1 when a fault failed.',
  ],
  options: [
    {
      name: 'config',
      short: 'c',
      value: 'FILE',
      summary: 'policies to play against, in JSON or a JavaScript module',
    },
    { name: 'only', value: 'NAMES', repeatable: true, summary: 'only these faults, separated by commas' },
    { name: 'list', summary: 'list the faults and what is expected of them; plays nothing' },
    { name: 'json', summary: 'print one JSON document' },
    { name: 'verbose', short: 'v', summary: 'what honest errors told the caller; stack traces of failures' },
    HELP_OPTION,
  ],
  examples: [
    'headrace fault-lab',
    'headrace fault-lab --config policies.json',
    'headrace fault-lab --only stall,cut-early --verbose',
  ],
  takesWords: false,
  load: async () => (await import('./run-fault-lab.js')).runFaultLabCommand,
};
