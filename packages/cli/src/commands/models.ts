import { GATEWAY_OPTIONS, HELP_OPTION } from '../command-option.js';
import type { Command } from './command.js';

export const models: Command = {
  name: 'models',
  summary: 'list models with limits, prices and abilities',
  usage: '[options]',
  description: ['Works without a key and without a network: the list ships with headrace. --refresh asks the gateway.'],
  options: [
    { name: 'filter', short: 'f', value: 'TEXT', summary: 'only models whose id, name or type contains this' },
    { name: 'type', short: 't', value: 'TYPE', summary: 'only this type, such as language or embedding' },
    {
      name: 'provider',
      value: 'NAME',
      summary: 'only this provider of the gateway; makers of models are found with --filter',
    },
    { name: 'json', summary: 'print everything known, as a JSON array' },
    { name: 'refresh', summary: 'ask the gateway for its list of today first' },
    ...GATEWAY_OPTIONS,
    { name: 'verbose', short: 'v', summary: 'stack traces of failures' },
    HELP_OPTION,
  ],
  examples: ['headrace models --filter claude', 'headrace models --type embedding', 'headrace models --json'],
  takesWords: false,
  load: async () => (await import('./run-models.js')).runModels,
};
