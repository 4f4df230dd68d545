import { parseArgs } from 'node:util';
import type { CommandOption } from './command-option.js';
import { suggestion } from './nearest-name.js';
import { UsageError } from './usage-error.js';

/** What was typed after the name of a command. */
export interface CommandLine {
  readonly positionals: readonly string[];
  has(name: string): boolean;
  /** The value given last. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
  /** The option as it was typed, such as `-m` or `--max-tokens`; its long form when it was not. */
  typed(name: string): string;
}

const looksLikeOption = (text: string): boolean => /^--?[a-z]/i.test(text);

const describe = (option: CommandOption): readonly string[] =>
  option.alias === undefined ? [option.name] : [option.name, option.alias];

/** Reads the words after a command. @throws UsageError for what no option of it explains. */
export const parseCommandLine = (
  args: readonly string[],
  options: readonly CommandOption[],
  command: string,
): CommandLine => {
  const byName = new Map<string, CommandOption>();
  const config: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const option of options) {
    for (const name of describe(option)) {
      byName.set(name, option);
      config[name] = { type: option.value === undefined ? 'boolean' : 'string' };
    }
    if (option.short !== undefined) config[option.name] = { ...config[option.name], short: option.short } as never;
  }

  const values = new Map<string, string[]>();
  const typed = new Map<string, string>();
  const positionals: string[] = [];
  const remedy = `headrace help ${command} lists the options.`;
  // Not parseArgs' own strictness: it refuses -1 as a value and knows no nearest name.
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = byName.get(token.name);
    if (option === undefined || (token.rawName.length === 2 && token.name !== option.name)) {
      const near = token.rawName.startsWith('--')
        ? suggestion(token.name, [...byName.keys()], (name) => `--${name}`)
        : '';
      throw new UsageError(`There is no option ${token.rawName} of headrace ${command}.${near}`, remedy);
    }
    typed.set(option.name, token.rawName);
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`, remedy);
      values.set(option.name, []);
      continue;
    }
    if (token.value === undefined || (token.inlineValue === false && looksLikeOption(token.value))) {
      const form = token.rawName.startsWith('--') ? ` A value that begins with - is written ${token.rawName}=-….` : '';
      throw new UsageError(`${token.rawName} needs a value: ${option.value}.${form}`, remedy);
    }
    values.set(option.name, [...(option.repeatable === true ? (values.get(option.name) ?? []) : []), token.value]);
  }

  return {
    positionals,
    has: (name) => values.has(name),
    value: (name) => values.get(name)?.at(-1),
    values: (name) => values.get(name) ?? [],
    typed: (name) => typed.get(name) ?? `--${name}`,
  };
};
