import type { Readable, Writable } from 'node:stream';

/** A stream that people or programs read. */
export type CliOutput = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };

/**
 * Where standard input comes from. A `socket` may be one that nobody ever writes to or closes (a parent process that
 * left it open), so it is not waited for when a prompt is there already; a `stream` (pipe, file, /dev/null) always ends.
 */
export type InputKind = 'terminal' | 'stream' | 'socket';

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** Everything of the process that a command may touch; tests bring their own. */
export interface CliIo {
  /** Opened on first use. */
  readonly stdin: () => Readable;
  readonly stdinKind: () => InputKind;
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signals: {
    on(signal: StopSignal, listener: () => void): unknown;
    off(signal: StopSignal, listener: () => void): unknown;
  };
  /** Ends the process at once: for the second Ctrl-C only. */
  readonly exit: (code: number) => void;
  readonly clock: CliClock;
}

export interface CliClock {
  /** Monotonic, in ms. */
  now(): number;
  /** The time of day, in ms since 1970. */
  epochMs(): number;
  /** Calls back every `periodMs` without keeping the process alive; returns the way to stop. */
  every(periodMs: number, callback: () => void): () => void;
  /** Calls back once after `delayMs`; returns the way to call it off. */
  after(delayMs: number, callback: () => void): () => void;
}
