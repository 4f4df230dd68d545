import { HELP_OPTION } from '../command-option.js';
import type { Command } from './command.js';

export const record: Command = {
  name: 'record',
  summary: 'write down what a provider answers, as fixtures without keys and prompts',
  usage: '--target ORIGIN --out FOLDER [options]',
  description: [
    'A proxy on 127.0.0.1 in front of one provider, until Ctrl-C. Point a base URL at it: requests go to',
    'the same paths of the target and nowhere else, and each exchange becomes a file with the borders and',
    'times of its chunks. Keys go out of everything that is written, prompts too unless they are to stay.',
  ],
  options: [
    { name: 'target', short: 't', value: 'ORIGIN', summary: 'where requests go, such as https://api.openai.com' },
    { name: 'out', short: 'o', value: 'FOLDER', summary: 'where the files go; none is ever overwritten' },
    { name: 'port', short: 'p', value: 'N', summary: 'where to listen (default 0: a free one)' },
    {
      name: 'secret-env',
      value: 'NAME',
      repeatable: true,
      summary: 'a variable whose value is a secret as well; may be repeated',
    },
    { name: 'keep-prompts', summary: 'write the texts of requests as they are' },
    { name: 'json', summary: 'say where it is in one JSON document' },
    { name: 'quiet', short: 'q', summary: 'no line for a file' },
    { name: 'verbose', short: 'v', summary: 'stack traces of failures' },
    HELP_OPTION,
  ],
  examples: [
    'headrace record --target https://api.openai.com --out fixtures',
    'headrace record --target https://api.groq.com --out fixtures --port 4500 --secret-env GROQ_API_KEY',
  ],
  takesWords: false,
  load: async () => (await import('./run-record.js')).runRecord,
};
