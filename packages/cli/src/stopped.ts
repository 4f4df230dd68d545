import { errorCode } from './error-code.js';
import { EXIT, type ExitCode } from './exit-code.js';

/** Why a command was stopped from outside. */
export type StopCause = 'SIGINT' | 'SIGTERM' | 'output-closed' | 'output-failed';

const exitCodes: Record<StopCause, ExitCode> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  // The reader has what it wanted, as in `headrace complete … | head -1`.
  'output-closed': EXIT.ok,
  'output-failed': EXIT.fault,
};

/** The abort reason of a command that was stopped from outside: a signal, or a standard output that broke. */
export class Stopped extends Error {
  readonly stopCause: StopCause;

  constructor(stopCause: StopCause, cause?: unknown) {
    super(`stopped: ${stopCause}`, cause === undefined ? undefined : { cause });
    this.name = 'Stopped';
    this.stopCause = stopCause;
  }

  get exitCode(): ExitCode {
    return exitCodes[this.stopCause];
  }

  /** What to tell the person, or nothing where silence is right. */
  get notice(): string | undefined {
    switch (this.stopCause) {
      case 'SIGINT':
        return 'stopped by Ctrl-C';
      case 'SIGTERM':
        return 'stopped by SIGTERM';
      case 'output-closed':
        return undefined;
      case 'output-failed':
        return `cannot write to standard output (${errorCode(this.cause) ?? 'unknown reason'})`;
    }
  }
}
