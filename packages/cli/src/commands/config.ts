import { HELP_OPTION } from '../command-option.js';
import type { Command } from './command.js';

export const config: Command = {
  name: 'config',
  summary: 'check, print or describe a file of configuration',
  usage: 'check|print|schema [FILE]',
  description: [
    'check reads the file, follows its references and loads its plugins as a gateway would, opens no',
    'connection, and says what is wrong and on which line. print shows it as JSON, secrets masked and',
    'references as they are written. schema prints a JSON Schema for editors, with the options of the',
    'plugins that FILE or --plugin names. Without FILE it is the headrace.config of this folder.',
  ],
  options: [
    { name: 'plugin', value: 'NAME', repeatable: true, summary: 'schema: a package whose options it knows' },
    { name: 'json', summary: 'a failure is one JSON document on standard error' },
    { name: 'verbose', short: 'v', summary: 'stack traces of failures' },
    HELP_OPTION,
  ],
  examples: [
    'headrace config check',
    'headrace config print gateway.yaml',
    'headrace config schema --plugin @headrace/provider-vercel > headrace.schema.json',
  ],
  takesWords: true,
  load: async () => (await import('./run-config.js')).runConfig,
};
