import type { Phase } from '../contract/call-context.js';
import type { Clock } from '../contract/clock.js';
import { type ClockName, TimeoutError } from '../errors/clock-errors.js';
import type { ClockLimits } from './clock-limits.js';
import type { StreamTap } from './stage.js';

const NEVER = Number.POSITIVE_INFINITY;

const advice: Record<ClockName, string> = {
  connect: 'Check the address and the network, or raise `clocks.connectMs`.',
  headers: 'Raise `clocks.headersMs` if this upstream is known to be slow.',
  'first-content': 'Raise `clocks.firstContentMs` for models that think long.',
  idle: 'Raise `clocks.idleMs` if this upstream pauses.',
  total: 'Raise `clocks.totalMs`, or ask for a stream.',
  throughput: 'Lower `clocks.minBytesPerSecond` if this is expected.',
  deadline: 'Raise `timeoutMs` of the call.',
};

/**
 * All clocks of one attempt on a single timer: limits are numbers, and a timer that fires early is set again. Bytes
 * only move a number, so that a read costs no timer work.
 */
export class AttemptClocks implements StreamTap {
  readonly #due: Record<ClockName, number>;
  #armedFor = NEVER;
  #disarm: (() => void) | undefined;
  /** Idle counts only while the caller waits: a slow reader is not a silent upstream. */
  #pulling = true;
  #stopped = false;
  #windowBytes = 0;
  #windowWaitedMs = 0;
  #pulledAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: ClockLimits,
    private readonly streamed: boolean,
    private readonly deadline: { readonly at: number; readonly timeoutMs: number },
    private readonly target: string,
    private readonly expire: (error: TimeoutError) => void,
  ) {
    const now = clock.now();
    this.#due = {
      connect: now + limits.connectMs,
      headers: NEVER,
      'first-content': streamed ? now + limits.firstContentMs : NEVER,
      idle: NEVER,
      total: now + limits.totalMs,
      throughput: NEVER,
      deadline: deadline.at,
    };
    this.#arm();
  }

  onPhase(phase: Phase, bytes = 0): void {
    const now = this.clock.now();
    this.#due.connect = NEVER;
    if (phase === 'connected') {
      this.#due.headers = now + this.limits.headersMs;
      if (this.#due.headers < this.#armedFor) this.#arm();
      return;
    }
    this.#due.headers = NEVER;
    this.#windowBytes += bytes;
    if (this.#due.idle !== NEVER) this.#due.idle = now + this.limits.idleMs;
  }

  /** The first content is there: from now on silence between reads counts. */
  commit(): void {
    const now = this.clock.now();
    this.#due.connect = NEVER;
    this.#due.headers = NEVER;
    this.#due['first-content'] = NEVER;
    this.#pulling = false;
    if (this.streamed && this.limits.minBytesPerSecond > 0) this.#openWindow(now);
    this.#arm();
  }

  onPull(): void {
    const now = this.clock.now();
    this.#pulling = true;
    this.#pulledAt = now;
    if (!this.streamed) return;
    this.#due.idle = now + this.limits.idleMs;
    if (this.#due.idle < this.#armedFor) this.#arm();
  }

  onBatch(): void {
    this.#pulling = false;
    if (this.limits.minBytesPerSecond > 0) this.#windowWaitedMs += this.clock.now() - this.#pulledAt;
  }

  onEnd(): void {
    this.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#disarm?.();
    this.#disarm = undefined;
  }

  #openWindow(now: number): void {
    this.#windowBytes = 0;
    this.#windowWaitedMs = 0;
    this.#pulledAt = now;
    this.#due.throughput = now + this.limits.throughputWindowMs;
  }

  #next(): ClockName | undefined {
    let first: ClockName | undefined;
    let at = NEVER;
    for (const name of Object.keys(this.#due) as ClockName[]) {
      if (name === 'idle' && !this.#pulling) continue;
      if (this.#due[name] < at) {
        at = this.#due[name];
        first = name;
      }
    }
    return first;
  }

  #arm(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    const name = this.#next();
    this.#armedFor = name === undefined ? NEVER : this.#due[name];
    if (name === undefined || this.#stopped) return;
    this.#disarm = this.clock.schedule(Math.max(0, this.#armedFor - this.clock.now()), this.#onTimer);
  }

  readonly #onTimer = (): void => {
    if (this.#stopped) return;
    this.#disarm = undefined;
    const now = this.clock.now();
    const name = this.#next();
    if (name === undefined || this.#due[name] > now) {
      this.#arm();
      return;
    }
    if (name === 'throughput') {
      const waited = this.#waitedMs(now);
      // A window is that much waiting, not that much time: the reader's own pauses judge nobody.
      if (waited < this.limits.throughputWindowMs) {
        this.#due.throughput = now + this.limits.throughputWindowMs - waited;
        this.#arm();
        return;
      }
      if ((this.#windowBytes * 1_000) / waited >= this.limits.minBytesPerSecond) {
        this.#openWindow(now);
        this.#arm();
        return;
      }
    }
    this.stop();
    this.expire(this.#error(name));
  };

  #waitedMs(now: number): number {
    return this.#windowWaitedMs + (this.#pulling ? now - this.#pulledAt : 0);
  }

  #error(name: ClockName): TimeoutError {
    const limitMs: Record<ClockName, number> = {
      connect: this.limits.connectMs,
      headers: this.limits.headersMs,
      'first-content': this.limits.firstContentMs,
      idle: this.limits.idleMs,
      total: this.limits.totalMs,
      throughput: this.limits.throughputWindowMs,
      deadline: this.deadline.timeoutMs,
    };
    const what: Record<ClockName, string> = {
      connect: `No connection to ${this.target} after ${limitMs.connect} ms.`,
      headers: `No answer from ${this.target} ${limitMs.headers} ms after connecting.`,
      'first-content': `No content from ${this.target} after ${limitMs['first-content']} ms.`,
      idle: `Nothing from ${this.target} for ${limitMs.idle} ms in the middle of its answer.`,
      total: `The attempt at ${this.target} took longer than ${limitMs.total} ms${this.streamed ? '' : ' (a whole answer)'}.`,
      throughput: `${this.target} sent fewer than ${this.limits.minBytesPerSecond} bytes a second for ${limitMs.throughput} ms.`,
      deadline: `The deadline of the call passed while ${this.target} was answering.`,
    };
    return new TimeoutError(name, limitMs[name], `${what[name]} ${advice[name]}`);
  }
}
