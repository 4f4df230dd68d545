import type { CommandOption } from './command-option.js';
import type { Command } from './commands/command.js';
import { EXIT_CODES } from './exit-code.js';
import type { Paint } from './paint.js';

// A few long names must not push everything else to the right: they get a line of their own.
const MAX_LEFT = 34;

const columns = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.min(MAX_LEFT, Math.max(...rows.map(([left]) => left.length))) + 2;
  return rows.flatMap(([left, right]) =>
    left.length > MAX_LEFT ? [`  ${left}`, `  ${' '.repeat(width)}${right}`] : [`  ${left.padEnd(width)}${right}`],
  );
};

const optionText = (option: CommandOption): string => {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  const long = [option.name, ...(option.alias === undefined ? [] : [option.alias])]
    .map((name) => `--${name}`)
    .join(', ');
  return `${short}${long}${option.value === undefined ? '' : ` ${option.value}`}`;
};

/** Help on everything. */
export const generalHelp = (commands: readonly Command[], paint: Paint): readonly string[] => [
  'headrace: every language model behind one contract',
  '',
  `${paint.bold('Usage')}  headrace <command> [options]`,
  '',
  paint.bold('Commands'),
  ...columns([
    ...commands.map(({ name, summary }): [string, string] => [name, summary]),
    ['help [command]', 'print help'],
  ]),
  '',
  paint.bold('Options'),
  ...columns([
    ['-h, --help', 'print help; after a command, help on it'],
    ['--version', 'print the version'],
  ]),
  '',
  paint.bold('Environment'),
  ...columns([
    ['AI_GATEWAY_API_KEY', 'the key of Vercel AI Gateway'],
    ['VERCEL_OIDC_TOKEN', 'used when there is no key'],
    ['HEADRACE_MODEL', 'the model when none is asked for'],
    ['NO_COLOR', 'no colours'],
  ]),
  '',
  paint.bold('Exit codes'),
  ...columns(EXIT_CODES.map(([code, meaning]): [string, string] => [String(code), meaning])),
];

/** Help on one command. */
export const commandHelp = (command: Command, paint: Paint): readonly string[] => [
  `headrace ${command.name}: ${command.summary}`,
  '',
  `${paint.bold('Usage')}  headrace ${command.name} ${command.usage}`,
  '',
  ...command.description,
  '',
  paint.bold('Options'),
  ...columns(command.options.map((option): [string, string] => [optionText(option), option.summary])),
  '',
  paint.bold('Examples'),
  ...command.examples.map((example) => `  ${example}`),
];
