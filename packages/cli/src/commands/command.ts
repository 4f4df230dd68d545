import type { RunCommand } from '../command-context.js';
import type { CommandOption } from '../command-option.js';

/** What help knows of a command, and the way to the code that runs it. */
export interface Command {
  readonly name: string;
  /** Half a sentence for the list of commands. */
  readonly summary: string;
  /** What may follow the name. */
  readonly usage: string;
  readonly description: readonly string[];
  readonly options: readonly CommandOption[];
  readonly examples: readonly string[];
  /** Whether words that are no options may follow. */
  readonly takesWords: boolean;
  /** Loads the command's code: help must not wait for it. */
  readonly load: () => Promise<RunCommand>;
}
