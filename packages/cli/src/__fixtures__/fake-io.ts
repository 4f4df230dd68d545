import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { CliClock, CliIo, CliOutput, InputKind } from '../cli-io.js';

/** A standard stream that keeps what was written. */
export class Captured extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  private readonly waiting: { needle: string; resolve: () => void }[] = [];

  constructor(
    isTTY = false,
    columns: number | undefined = isTTY ? 80 : undefined,
    private readonly onWrite?: (text: string, done: (error?: Error) => void) => void,
    highWaterMark?: number,
  ) {
    super({ decodeStrings: false, ...(highWaterMark === undefined ? {} : { highWaterMark }) });
    this.isTTY = isTTY;
    this.columns = columns;
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.text += chunk;
    for (const one of this.waiting) if (this.text.includes(one.needle)) one.resolve();
    if (this.onWrite === undefined || chunk === '') done();
    else this.onWrite(chunk, done);
  }

  /** Resolves once the text contains `needle`. */
  seen(needle: string): Promise<void> {
    if (this.text.includes(needle)) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ needle, resolve }));
  }
}

/** A clock that stands still until told. */
export class FakeClock implements CliClock {
  private time = 0;
  private timers: { at: number; period: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  epochMs(): number {
    return Date.UTC(2026, 10, 24) + this.time;
  }

  get pending(): number {
    return this.timers.length;
  }

  every(periodMs: number, callback: () => void): () => void {
    return this.add(periodMs, periodMs, callback);
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.add(delayMs, Number.POSITIVE_INFINITY, callback);
  }

  advance(ms: number): void {
    this.time += ms;
    for (const timer of this.timers) {
      if (timer.at > this.time) continue;
      if (timer.period === Number.POSITIVE_INFINITY) this.timers = this.timers.filter((one) => one !== timer);
      timer.at += timer.period;
      timer.callback();
    }
  }

  private add(delay: number, period: number, callback: () => void): () => void {
    const timer = { at: this.time + delay, period, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }
}

export interface FakeIoOptions {
  readonly stdin?: Readable | string | Buffer;
  readonly stdinKind?: InputKind;
  readonly stdout?: Captured;
  readonly stderr?: Captured;
  readonly env?: Readonly<Record<string, string>>;
}

export interface FakeIo extends CliIo {
  readonly stdout: Captured & CliOutput;
  readonly stderr: Captured & CliOutput;
  readonly signals: EventEmitter;
  readonly clock: FakeClock;
  /** Codes with which the process was ended at once. */
  readonly exits: readonly number[];
}

export const fakeIo = (options: FakeIoOptions = {}): FakeIo => {
  const { stdin = '' } = options;
  const input = stdin instanceof Readable ? stdin : Readable.from(stdin.length === 0 ? [] : [stdin]);
  const exits: number[] = [];
  return {
    stdin: () => input,
    stdinKind: () => options.stdinKind ?? 'terminal',
    stdout: options.stdout ?? new Captured(),
    stderr: options.stderr ?? new Captured(),
    env: options.env ?? {},
    signals: new EventEmitter(),
    exit: (code) => void exits.push(code),
    clock: new FakeClock(),
    exits,
  };
};
