import { HELP_OPTION } from '../command-option.js';
import type { Command } from './command.js';

export const tour: Command = {
  name: 'tour',
  summary: 'see in a few seconds what headrace does; needs no key',
  usage: '[options]',
  description: [
    'Talks to Vercel AI Gateway when a key is there (AI_GATEWAY_API_KEY, VERCEL_OIDC_TOKEN), which costs',
    'a fraction of a cent; otherwise to the built-in emulator.',
  ],
  options: [
    { name: 'emulator', summary: 'use the built-in emulator even if there is a key' },
    { name: 'verbose', short: 'v', summary: 'stack traces of failures' },
    HELP_OPTION,
  ],
  examples: ['headrace tour', 'headrace tour --emulator'],
  takesWords: false,
  load: async () => (await import('./run-tour.js')).runTour,
};
