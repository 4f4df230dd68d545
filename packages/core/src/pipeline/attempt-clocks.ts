import type { Phase } from '../contract/call-context.js';
import type { Clock } from '../contract/clock.js';
import type { ClockName } from '../errors/clock-errors.js';
import { type ClockSubject, clockError } from './clock-error.js';
import type { ClockLimits } from './clock-limits.js';
import type { StreamTap } from './stage.js';

const NEVER = Number.POSITIVE_INFINITY;
const CLOCKS: readonly ClockName[] = ['connect', 'headers', 'first-content', 'idle', 'total', 'throughput', 'deadline'];

/** What the clocks may end. */
export interface ClockedAttempt {
  cancel(reason: unknown): void;
  close(): void;
}

/**
 * All clocks of one attempt on a single timer: limits are numbers, and a timer that fires early is set again. Bytes
 * only move a number, so that a read costs no timer work.
 */
export class AttemptClocks implements StreamTap {
  readonly #startedAt: number;
  readonly #due: Record<ClockName, number>;
  #attempt: ClockedAttempt | undefined;
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
    private readonly subject: ClockSubject,
  ) {
    const now = clock.now();
    this.#startedAt = now;
    this.#due = {
      connect: now + limits.connectMs,
      headers: NEVER,
      'first-content': subject.isStream ? now + limits.firstContentMs : NEVER,
      idle: NEVER,
      total: now + limits.totalMs,
      throughput: NEVER,
      deadline: subject.deadline,
    };
  }

  /** The attempt begins; the clock that runs out first cancels it. */
  start(attempt: ClockedAttempt): void {
    this.#attempt = attempt;
    this.#arm(this.#startedAt);
  }

  onPhase(phase: Phase, bytes = 0): void {
    const due = this.#due;
    due.connect = NEVER;
    if (phase === 'connected') {
      due.headers = this.clock.now() + this.limits.headersMs;
      if (due.headers < this.#armedFor) this.#arm(this.clock.now());
      return;
    }
    due.headers = NEVER;
    this.#windowBytes += bytes;
    if (due.idle !== NEVER) due.idle = this.clock.now() + this.limits.idleMs;
  }

  /** The first content is there: from now on silence between reads counts. */
  commit(): void {
    const now = this.clock.now();
    this.#due.connect = NEVER;
    this.#due.headers = NEVER;
    this.#due['first-content'] = NEVER;
    this.#pulling = false;
    if (this.subject.isStream && this.limits.minBytesPerSecond > 0) this.#openWindow(now);
    this.#arm(now);
  }

  onPull(): void {
    const now = this.clock.now();
    this.#pulling = true;
    this.#pulledAt = now;
    if (!this.subject.isStream) return;
    this.#due.idle = now + this.limits.idleMs;
    if (this.#due.idle < this.#armedFor) this.#arm(now);
  }

  onBatch(): void {
    this.#pulling = false;
    if (this.limits.minBytesPerSecond > 0) this.#windowWaitedMs += this.clock.now() - this.#pulledAt;
  }

  /** The attempt is over, or never began. Idempotent. */
  onEnd(): void {
    this.#stopped = true;
    this.#disarm?.();
    this.#disarm = undefined;
    this.#attempt?.close();
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
    for (const name of CLOCKS) {
      if (name === 'idle' && !this.#pulling) continue;
      if (this.#due[name] < at) {
        at = this.#due[name];
        first = name;
      }
    }
    return first;
  }

  #arm(now: number): void {
    this.#disarm?.();
    this.#disarm = undefined;
    const name = this.#next();
    this.#armedFor = name === undefined ? NEVER : this.#due[name];
    if (name === undefined || this.#stopped) return;
    this.#disarm = this.clock.schedule(Math.max(0, this.#armedFor - now), this.#onTimer);
  }

  readonly #onTimer = (): void => {
    if (this.#stopped) return;
    this.#disarm = undefined;
    const now = this.clock.now();
    const name = this.#next();
    if (name === undefined || this.#due[name] > now) {
      this.#arm(now);
      return;
    }
    if (name === 'throughput') {
      const waited = this.#waitedMs(now);
      // A window is that much waiting, not that much time: the reader's own pauses judge nobody.
      if (waited < this.limits.throughputWindowMs) {
        this.#due.throughput = now + this.limits.throughputWindowMs - waited;
        this.#arm(now);
        return;
      }
      if ((this.#windowBytes * 1_000) / waited >= this.limits.minBytesPerSecond) {
        this.#openWindow(now);
        this.#arm(now);
        return;
      }
    }
    const attempt = this.#attempt;
    this.onEnd();
    attempt?.cancel(clockError(name, this.limits, this.subject));
  };

  #waitedMs(now: number): number {
    return this.#windowWaitedMs + (this.#pulling ? now - this.#pulledAt : 0);
  }
}
