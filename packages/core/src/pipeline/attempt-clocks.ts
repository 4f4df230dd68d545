import type { Phase } from '../contract/call-context.js';
import type { ClockName } from '../errors/clock-errors.js';
import { type ClockSubject, clockError } from './clock-error.js';
import type { ClockLimits } from './clock-limits.js';
import { Alarm, type SharedTimer } from './shared-timer.js';
import type { StreamTap } from './stage.js';

const NEVER = Number.POSITIVE_INFINITY;
const CLOCKS: readonly ClockName[] = ['connect', 'headers', 'first-content', 'idle', 'total', 'throughput', 'deadline'];

/** What the clocks may end. */
export interface ClockedAttempt {
  cancel(reason: unknown): void;
  close(): void;
}

/**
 * All clocks of one attempt on a single alarm: what is kept are the times at which something happened, and an alarm that
 * rings early is set again. Bytes only move a number, so that a read costs no timer work.
 */
export class AttemptClocks extends Alarm implements StreamTap {
  /** On the scale of `Clock.now()`. */
  readonly startedAt: number;
  #attempt: ClockedAttempt | undefined;
  /** How far the attempt has come; `undefined`: still connecting. */
  #phase: Phase | undefined;
  #connectedAt = NEVER;
  #committed = false;
  /** The last sign of life after the first content. */
  #aliveAt = NEVER;
  /** Idle counts only while the caller waits: a slow reader is not a silent upstream. */
  #pulling = true;
  #stopped = false;
  #windowDue = NEVER;
  #windowBytes = 0;
  #windowWaitedMs = 0;
  #pulledAt = 0;

  constructor(
    private readonly timer: SharedTimer,
    private readonly limits: ClockLimits,
    private readonly subject: ClockSubject,
  ) {
    super();
    this.startedAt = timer.now();
  }

  /** The attempt begins; the clock that runs out first cancels it. */
  start(attempt: ClockedAttempt): void {
    this.#attempt = attempt;
    this.#arm(this.startedAt);
  }

  onPhase(phase: Phase, bytes = 0): void {
    if (phase === 'connected') {
      this.#phase ??= phase;
      // Mostly there is no such limit, and then nobody needs the time.
      if (this.limits.headersMs === NEVER) return;
      this.#connectedAt = this.timer.now();
      this.#armIfSooner('headers', this.#connectedAt);
      return;
    }
    this.#phase = phase;
    this.#windowBytes += bytes;
    if (this.#aliveAt !== NEVER) this.#aliveAt = this.timer.now();
  }

  /** The first content is there: from now on silence between reads counts. */
  commit(): void {
    const now = this.timer.now();
    this.#committed = true;
    this.#pulling = false;
    if (this.subject.isStream && this.limits.minBytesPerSecond > 0) this.#openWindow(now);
    this.#arm(now);
  }

  onPull(): void {
    const now = this.timer.now();
    this.#pulling = true;
    this.#pulledAt = now;
    if (!this.subject.isStream) return;
    this.#aliveAt = now;
    this.#armIfSooner('idle', now);
  }

  onBatch(): void {
    this.#pulling = false;
    if (this.limits.minBytesPerSecond > 0) this.#windowWaitedMs += this.timer.now() - this.#pulledAt;
  }

  /** The attempt is over, or never began. Idempotent. */
  onEnd(): void {
    this.#stopped = true;
    this.timer.callOff(this);
    this.#attempt?.close();
  }

  #openWindow(now: number): void {
    this.#windowBytes = 0;
    this.#windowWaitedMs = 0;
    this.#pulledAt = now;
    this.#windowDue = now + this.limits.throughputWindowMs;
  }

  #dueAt(name: ClockName): number {
    const { limits, subject } = this;
    switch (name) {
      case 'connect':
        return this.#phase === undefined && !this.#committed ? this.startedAt + limits.connectMs : NEVER;
      case 'headers':
        return this.#phase === 'connected' && !this.#committed ? this.#connectedAt + limits.headersMs : NEVER;
      case 'first-content':
        return subject.isStream && !this.#committed ? this.startedAt + limits.firstContentMs : NEVER;
      case 'idle':
        return this.#pulling ? this.#aliveAt + limits.idleMs : NEVER;
      case 'total':
        return this.startedAt + limits.totalMs;
      case 'throughput':
        return this.#windowDue;
      case 'deadline':
        return subject.deadline;
    }
  }

  #next(): ClockName | undefined {
    let first: ClockName | undefined;
    let at = NEVER;
    for (const name of CLOCKS) {
      const due = this.#dueAt(name);
      if (due >= at) continue;
      at = due;
      first = name;
    }
    return first;
  }

  #armIfSooner(name: ClockName, now: number): void {
    if (this.#dueAt(name) < this.dueAt) this.#arm(now);
  }

  #arm(now: number): void {
    let first = NEVER;
    for (const name of CLOCKS) first = Math.min(first, this.#dueAt(name));
    this.dueAt = first;
    if (first === NEVER || this.#stopped) this.timer.callOff(this);
    else this.timer.set(this, first, now);
  }

  override onDue(): void {
    if (this.#stopped) return;
    const now = this.timer.now();
    const name = this.#next();
    if (name === undefined || this.#dueAt(name) > now || (name === 'throughput' && !this.#isTooSlow(now))) {
      this.#arm(now);
      return;
    }
    const attempt = this.#attempt;
    this.onEnd();
    attempt?.cancel(clockError(name, this.limits, this.subject));
  }

  /** Judges the window that has just closed. When it says no, another one is open. */
  #isTooSlow(now: number): boolean {
    const { throughputWindowMs, minBytesPerSecond } = this.limits;
    const waited = this.#windowWaitedMs + (this.#pulling ? now - this.#pulledAt : 0);
    // A window is that much waiting, not that much time: the reader's own pauses judge nobody.
    if (waited < throughputWindowMs) this.#windowDue = now + throughputWindowMs - waited;
    else if ((this.#windowBytes * 1_000) / waited < minBytesPerSecond) return true;
    else this.#openWindow(now);
    return false;
  }
}
