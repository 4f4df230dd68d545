import type { CliOutput } from './cli-io.js';

/** A standard stream written with regard for its reader: its pace, and its going away. */
export class TextOutput {
  readonly isTerminal: boolean;
  private broken = false;
  private wantsDrain = false;
  private waiting: (() => void)[] = [];

  /** @param onBroken called once, when the reader is gone or a write failed; nothing is written any more. */
  constructor(
    private readonly stream: CliOutput,
    onBroken: (error: Error) => void,
  ) {
    this.isTerminal = stream.isTTY === true;
    // The listener stays for the life of the process: a late EPIPE must not become an uncaught error.
    stream.on('error', (error: Error) => {
      if (this.broken) return;
      this.broken = true;
      this.release();
      onBroken(error);
    });
    stream.on('drain', () => {
      this.wantsDrain = false;
      this.release();
    });
  }

  /** Columns of the terminal; undefined when it is none. */
  get columns(): number | undefined {
    return this.isTerminal ? this.stream.columns : undefined;
  }

  /** Writes; false when the reader has fallen behind: await `ready()` before more. */
  put(text: string): boolean {
    if (this.broken || text === '') return true;
    this.wantsDrain = !this.stream.write(text);
    return !this.wantsDrain;
  }

  line(text = ''): void {
    this.put(`${text}\n`);
  }

  /** Resolves when the reader has caught up or is gone. @throws the reason of `signal` when it is aborted first. */
  async ready(signal: AbortSignal): Promise<void> {
    if (this.broken || !this.wantsDrain) return;
    signal.throwIfAborted();
    let stop: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        stop = () => reject(signal.reason as Error);
        signal.addEventListener('abort', stop, { once: true });
        this.waiting.push(resolve);
      });
    } finally {
      if (stop !== undefined) signal.removeEventListener('abort', stop);
    }
  }

  /** Resolves when everything is handed over, or cannot be; or when `signal` is aborted. */
  async flush(signal: AbortSignal): Promise<void> {
    if (this.broken || signal.aborted) return;
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      // An error is told to the 'error' listener after this callback, so give it that turn.
      this.stream.write('', () => setImmediate(resolve));
    });
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
