import { HELP_OPTION } from '../command-option.js';
import type { Command } from './command.js';

export const replay: Command = {
  name: 'replay',
  summary: 'serve recorded answers on this machine',
  usage: 'FILE... [options]',
  description: [
    'Listens on 127.0.0.1 only, until Ctrl-C. The first request gets the answer of the first file, the',
    'second that of the second, whatever they ask, and after the last file the first comes again. The',
    'borders of chunks are those that were recorded; with --timing the waits between them are too.',
  ],
  options: [
    { name: 'port', short: 'p', value: 'N', summary: 'where to listen (default 0: a free one)' },
    { name: 'timing', summary: 'wait between chunks as the provider did' },
    { name: 'json', summary: 'say where it is in one JSON document' },
    { name: 'quiet', short: 'q', summary: 'no line at the end' },
    { name: 'verbose', short: 'v', summary: 'stack traces of failures' },
    HELP_OPTION,
  ],
  examples: ['headrace replay fixtures/exchange-001.json', 'headrace replay fixtures/*.json --port 4500 --timing'],
  takesWords: true,
  load: async () => (await import('./run-replay.js')).runReplay,
};
