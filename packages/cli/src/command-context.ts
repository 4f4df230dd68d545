import type { CliIo } from './cli-io.js';
import type { CommandLine } from './command-line.js';
import type { Connect } from './connect.js';
import type { Paint } from './paint.js';
import type { TextOutput } from './text-output.js';

/** What a running command works with. */
export interface CommandContext {
  readonly io: CliIo;
  readonly line: CommandLine;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Colours of standard output and of standard error. */
  readonly paint: { readonly out: Paint; readonly err: Paint };
  /** Aborted with `Stopped` by Ctrl-C, SIGTERM or a standard output that broke. */
  readonly signal: AbortSignal;
  readonly connect: Connect;
}

export type RunCommand = (context: CommandContext) => Promise<number>;
