import type { CliIo, StopSignal } from './cli-io.js';
import { errorCode } from './error-code.js';
import { EXIT } from './exit-code.js';
import { type StopCause, Stopped } from './stopped.js';

/** Turns Ctrl-C, SIGTERM and a broken standard output into one abort signal. */
export class StopWatch {
  private readonly controller = new AbortController();
  private readonly onInterrupt = (): void => this.onSignal('SIGINT');
  private readonly onTerminate = (): void => this.onSignal('SIGTERM');

  constructor(private readonly io: Pick<CliIo, 'signals' | 'exit'>) {
    io.signals.on('SIGINT', this.onInterrupt);
    io.signals.on('SIGTERM', this.onTerminate);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Standard output broke: its reader has gone away, or the disk is full. */
  outputBroke(error: Error): void {
    const code = errorCode(error);
    const gone = code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
    this.stop(gone ? 'output-closed' : 'output-failed', error);
  }

  dispose(): void {
    this.io.signals.off('SIGINT', this.onInterrupt);
    this.io.signals.off('SIGTERM', this.onTerminate);
  }

  private onSignal(signal: StopSignal): void {
    // The first one ends the command in good order; who sends another does not want to wait for that.
    if (this.signal.aborted) this.io.exit(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
    else this.stop(signal);
  }

  private stop(cause: StopCause, error?: Error): void {
    if (!this.signal.aborted) this.controller.abort(new Stopped(cause, error));
  }
}
