import type { CommandLine } from './command-line.js';
import { PARAMETER_OPTIONS } from './parse-parameters.js';

const OPTION_BY_FIELD: ReadonlyMap<string, string> = new Map([
  ...PARAMETER_OPTIONS.map(({ parameter, name }): [string, string] => [parameter, name]),
  ['model', 'model'],
  ['system', 'system'],
  ['timeoutMs', 'timeout'],
  ['maxAttempts', 'max-attempts'],
  ['recovery', 'recovery'],
  ['output', 'schema'],
  ['baseUrl', 'base-url'],
]);

/** A field of the request as the person knows it: the option as typed, or `the prompt`. */
export const optionOfField = (field: string, line: CommandLine): string => {
  const [head = field] = field.split(/[.[]/, 1);
  if (head === 'prompt' || head === 'messages') return 'the prompt';
  const option = OPTION_BY_FIELD.get(head);
  return option === undefined ? field : line.typed(option);
};

/** Puts options in place of the field names that a message mentions. Plain words such as `seed` stay when unquoted. */
export const withOptionNames = (message: string, line: CommandLine): string =>
  message.replace(/(["'`]?)\b([a-z]+[A-Za-z]*)\b\1/g, (whole: string, quote: string, word: string) => {
    const option = OPTION_BY_FIELD.get(word);
    const isPlainWord = quote === '' && word === word.toLowerCase();
    return option === undefined || isPlainWord ? whole : line.typed(option);
  });
