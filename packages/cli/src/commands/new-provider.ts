import { HELP_OPTION } from '../command-option.js';
import type { Command } from './command.js';

export const newProvider: Command = {
  name: 'new-provider',
  summary: 'write the package of a new provider, with tests that pass',
  usage: '[options] NAME',
  description: [
    'Writes a package that gives Headrace a provider: an upstream that speaks as OpenAI does, checked',
    'against the contract of plugins. Change the codec, keep the tests. Nothing that exists is',
    'overwritten. The tutorial is docs/writing-a-provider.md.',
  ],
  options: [
    { name: 'dir', value: 'FOLDER', summary: 'where to write it; default ./headrace-provider-NAME' },
    { name: 'verbose', short: 'v', summary: 'stack traces of failures' },
    HELP_OPTION,
  ],
  examples: ['headrace new-provider acme', 'headrace new-provider acme --dir packages/acme'],
  takesWords: true,
  load: async () => (await import('./run-new-provider.js')).runNewProvider,
};
