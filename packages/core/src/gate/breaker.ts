import type { RandomSource } from '../contract/clock.js';
import type { BreakerOptions } from './gate-options.js';
import { openForMs } from './open-time.js';
import { RollingWindow, type Tally } from './rolling-window.js';

/** What is said to who comes while the one probe is under way: ms after which to ask again. */
const PROBE_WAIT_MS = 1_000;
/** Attempts without an answer at one time after a good probe. */
const FIRST_RAMP = 2;
/** A ramp that has come so far is over. */
const LAST_RAMP = 64;

export type BreakerState = 'closed' | 'open' | 'half-open' | 'ramping';

/** How an attempt ended, as far as the breaker is concerned: `neither` says nothing about the target's health. */
export type Verdict = 'good' | 'bad' | 'neither';

/**
 * The circuit breaker of one target. Closed, it judges a rolling window; open, it lets nothing through for a growing time;
 * then it lets through one probe, and another one each time the last has brought nothing for `openMs`: a slow one keeps nobody
 * out for as long as its own clocks allow. When one is answered, attempts come back a few at a time: twice as many after each
 * round that went well, until the circuit is closed.
 * @see https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
 */
export class Breaker {
  #state: BreakerState = 'closed';
  #window: RollingWindow;
  /** Times it opened, in all: what was begun before the last time is no news of the target. */
  #turn: number;
  /** Times it opened since it was closed. */
  #opens = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  /** When another probe may go beside one that has brought nothing. */
  #probeUntil = Number.NEGATIVE_INFINITY;
  #ramp = FIRST_RAMP;
  #good = 0;
  #bad = 0;
  #tripped: Tally = { attempts: 0, failures: 0 };

  /** @param turn the first one; above those of a breaker whose attempts may be under way */
  constructor(
    private options: BreakerOptions,
    private readonly random: RandomSource,
    turn = 0,
  ) {
    this.#window = new RollingWindow(options.windowMs);
    this.#turn = turn;
  }

  /** Goes on with other limits, from the state it is in. A window of another length begins empty. */
  reconfigure(options: BreakerOptions): void {
    if (options.windowMs !== this.options.windowMs) this.#window = new RollingWindow(options.windowMs);
    this.options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** What opened it. */
  get tripped(): Tally {
    return this.#tripped;
  }

  /** Goes up each time it opens. */
  get turn(): number {
    return this.#turn;
  }

  /** Attempts that may be without an answer at one time. */
  get limit(): number {
    return this.#state === 'ramping' ? this.#ramp : Number.POSITIVE_INFINITY;
  }

  /** ms until an attempt may be let through; undefined when one may now. */
  blockedMs(now: number): number | undefined {
    if (this.#state === 'half-open')
      return this.#probeUntil > now ? Math.min(PROBE_WAIT_MS, this.#probeUntil - now) : undefined;
    return this.#state === 'open' && this.#openUntil > now ? this.#openUntil - now : undefined;
  }

  /** An attempt begins, which `blockedMs` has let through. Returns the turn to report on. */
  begin(now: number): number {
    if (this.#state === 'open' || this.#state === 'half-open') {
      this.#state = 'half-open';
      this.#probeUntil = now + this.options.openMs;
    }
    return this.#turn;
  }

  /** The attempt has brought content. A long stream need not end before it is news of the target. */
  answered(turn: number): void {
    if (turn !== this.#turn) return;
    if (this.#state === 'half-open') {
      this.#state = 'ramping';
      this.#ramp = FIRST_RAMP;
      this.#good = 0;
      this.#bad = 0;
    } else if (this.#state === 'ramping') {
      this.#good += 1;
      this.#judgeRound();
    }
  }

  /** The attempt is over. */
  ended(turn: number, verdict: Verdict, now: number): void {
    if (turn !== this.#turn) return;
    if (this.#state === 'half-open') this.#probed(verdict, now);
    else if (this.#state === 'ramping') {
      if (verdict !== 'bad') return;
      this.#bad += 1;
      if (this.#bad / this.#ramp >= this.options.failureShare)
        this.#open(now, { attempts: this.#ramp, failures: this.#bad });
      else this.#judgeRound();
    } else if (verdict !== 'neither') this.#count(verdict === 'bad', now);
  }

  #probed(verdict: Verdict, now: number): void {
    if (verdict === 'bad') this.#open(now, { attempts: 1, failures: 1 });
    else if (verdict === 'neither') {
      // Who comes next is the probe.
      this.#state = 'open';
      this.#openUntil = now;
    }
  }

  #count(isFailure: boolean, now: number): void {
    this.#window.add(now, isFailure);
    if (!isFailure) return;
    const tally = this.#window.tally(now);
    const { minAttempts, failureShare } = this.options;
    if (tally.attempts >= minAttempts && tally.failures / tally.attempts >= failureShare) this.#open(now, tally);
  }

  #judgeRound(): void {
    if (this.#good + this.#bad < this.#ramp) return;
    this.#ramp *= 2;
    this.#good = 0;
    this.#bad = 0;
    if (this.#ramp > LAST_RAMP) this.#close();
  }

  #open(now: number, tally: Tally): void {
    this.#state = 'open';
    this.#tripped = tally;
    this.#turn += 1;
    this.#opens += 1;
    this.#openUntil = now + openForMs(this.options, this.#opens, this.random);
  }

  #close(): void {
    this.#state = 'closed';
    this.#opens = 0;
    this.#window.clear();
  }
}
