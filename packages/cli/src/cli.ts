import type { CliIo } from './cli-io.js';
import type { CommandContext } from './command-context.js';
import { parseCommandLine } from './command-line.js';
import type { Command } from './commands/command.js';
import { COMMANDS } from './commands/command-list.js';
import type { Connect } from './connect.js';
import { EXIT } from './exit-code.js';
import { commandHelp, generalHelp } from './help-text.js';
import { suggestion } from './nearest-name.js';
import { paintFor } from './paint.js';
import { StopWatch } from './stop-watch.js';
import { TextOutput } from './text-output.js';
import { UsageError } from './usage-error.js';
import { version } from './version.js';

const NAMES = [...COMMANDS.map(({ name }) => name), 'help'];

const findCommand = (name: string): Command => {
  const command = COMMANDS.find((one) => one.name === name);
  if (command !== undefined) return command;
  throw new UsageError(
    `There is no command ${JSON.stringify(name)}.${suggestion(name, NAMES)}`,
    'headrace help lists them.',
  );
};

/** Options as they stand before `--`, for reporting a command line that could not be read. */
const asks = (argv: readonly string[], option: string): boolean => {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes(option);
};

const dispatch = async (argv: readonly string[], context: Omit<CommandContext, 'line'>): Promise<number> => {
  const { stdout, paint } = context;
  const print = (lines: readonly string[]): number => {
    stdout.put(`${lines.join('\n')}\n`);
    return EXIT.ok;
  };
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h') return print(generalHelp(COMMANDS, paint.out));
  if (first === '--version') return print([version()]);
  if (first === 'help') {
    const [topic, ...more] = rest.filter((word) => word !== '--help' && word !== '-h');
    if (more.length > 0) throw new UsageError('headrace help takes one command.');
    return print(
      topic === undefined || topic === 'help'
        ? generalHelp(COMMANDS, paint.out)
        : commandHelp(findCommand(topic), paint.out),
    );
  }
  if (first.startsWith('-')) {
    const near = suggestion(first.replace(/^-+/, ''), ['help', 'version'], (name) => `--${name}`);
    throw new UsageError(
      `There is no option ${first} before a command.${near}`,
      'Options of a command follow its name: headrace complete --json Hello.',
    );
  }
  const command = findCommand(first);
  const line = parseCommandLine(rest, command.options, command.name);
  if (line.has('help')) return print(commandHelp(command, paint.out));
  if (!command.takesWords && line.positionals.length > 0) {
    throw new UsageError(
      `headrace ${command.name} takes options only, not ${JSON.stringify(line.positionals[0])}.`,
      `headrace help ${command.name} lists them.`,
    );
  }
  const runCommand = await command.load();
  return runCommand({ ...context, line });
};

const connectForReal: Connect = async (options) =>
  options.config === undefined
    ? (await import('./connect-vercel.js')).connectVercel(options)
    : (await import('./connect-config.js')).connectConfig(options.config, options);

/**
 * Runs one command line and resolves to its exit code. Never rejects, and leaves nothing running.
 * @param argv the words after `headrace`.
 * @param connect how a gateway is come by; tests bring their own.
 */
export const run = async (argv: readonly string[], io: CliIo, connect: Connect = connectForReal): Promise<number> => {
  const stop = new StopWatch(io);
  const stdout = new TextOutput(io.stdout, (error) => stop.outputBroke(error));
  // Without standard error there is nobody to tell; the command itself can go on.
  const stderr = new TextOutput(io.stderr, () => {});
  const paint = { out: paintFor(stdout.isTerminal, io.env), err: paintFor(stderr.isTerminal, io.env) };
  const context = { io, stdout, stderr, paint, signal: stop.signal, connect };
  const reporting = {
    ...context,
    json: asks(argv, '--json'),
    verbose: asks(argv, '--verbose') || asks(argv, '-v'),
  };
  try {
    let exitCode: number;
    try {
      exitCode = await dispatch(argv, context);
      await stdout.flush(stop.signal);
      // What broke after the last word was written: a closed reader is no failure, a full disk is one.
      if (exitCode === EXIT.ok) stop.signal.throwIfAborted();
    } catch (error) {
      const { reportFailure } = await import('./report-failure.js');
      exitCode = await reportFailure(error, reporting);
    }
    await stderr.flush(AbortSignal.timeout(1_000));
    return exitCode;
  } finally {
    stop.dispose();
  }
};
