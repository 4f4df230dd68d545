import type { Clock } from '../contract/clock.js';
import type { Delivery } from '../contract/request.js';
import { SampleWindow } from './sample-window.js';

/** How much a latency book keeps. */
export interface LatencyBookLimits {
  /** Of each target the newest that many. Default 128. */
  readonly samples: number;
  /** Of those the ones not older than this, in ms. Default half an hour. */
  readonly windowMs: number;
  /** The targets heard of last; about 3 kB each. Default 1,000. */
  readonly targets: number;
}

const DEFAULTS: LatencyBookLimits = { samples: 128, windowMs: 30 * 60_000, targets: 1_000 };

/** What is known of how fast a target answers. */
export interface TargetTimes {
  /** Median time to the first content in ms, an attempt that failed counting as never: Infinity when half of them did. */
  readonly typicalMs: number | undefined;
  /** Attempts that this is known from. */
  readonly samples: number;
  /** Those of them that failed. */
  readonly failures: number;
  /** Nothing was ever heard of it, or it was forgotten. */
  readonly isNew: boolean;
}

const UNKNOWN: TargetTimes = { typicalMs: undefined, samples: 0, failures: 0, isNew: true };

/** What is known of one target. */
class TargetWindow extends SampleWindow {
  /** Number of the observation of any target that was the last one of this. */
  heardAt = 0;
}

/**
 * How long targets took to their first content, attempt by attempt: exact quantiles over the newest of each. Targets go by
 * name, `provider:model`. An observation costs a binary search and the move of at most a kilobyte.
 */
export class LatencyBook {
  readonly #windows = new Map<string, TargetWindow>();
  #heard = 0;
  readonly #limits: LatencyBookLimits;

  constructor(
    readonly clock: Clock,
    limits: Partial<LatencyBookLimits> = {},
  ) {
    this.#limits = { ...DEFAULTS, ...limits };
  }

  /** The first content came after this many ms. */
  observe(target: string, firstContentMs: number, now = this.clock.now()): void {
    const window = this.#windows.get(target) ?? this.#open(target);
    this.#heard += 1;
    window.heardAt = this.#heard;
    window.expire(now - this.#limits.windowMs);
    window.add(firstContentMs, now);
  }

  /** No content came: a target that fails at once must not look fast. */
  fail(target: string): void {
    this.observe(target, Number.POSITIVE_INFINITY);
  }

  /**
   * An attempt was given up after this many ms, and nobody knows how long it would have taken. It counts as that long
   * when that is more than the target mostly takes; less says nothing.
   */
  giveUp(target: string, afterMs: number): void {
    const typicalMs = this.quantile(target, 0.5);
    if (typicalMs !== undefined && afterMs > typicalMs) this.observe(target, afterMs);
  }

  /**
   * The time to the first content that the share `q` of the attempts which had one did not exceed, in ms. Undefined
   * when nothing is known. @param q 0–1
   */
  quantile(target: string, q: number): number | undefined {
    const window = this.#current(target);
    return window?.quantile(q, window.finite);
  }

  /** Attempts with content that quantiles are known from. */
  samples(target: string): number {
    return this.#current(target)?.finite ?? 0;
  }

  /** See `TargetTimes.typicalMs`. */
  typicalMs(target: string, now?: number): number | undefined {
    return this.#current(target, now)?.quantile(0.5);
  }

  times(target: string, now?: number): TargetTimes {
    const window = this.#current(target, now);
    if (window === undefined) return UNKNOWN;
    const { count, finite } = window;
    return { typicalMs: window.quantile(0.5), samples: count, failures: count - finite, isNew: false };
  }

  #current(target: string, now = this.clock.now()): SampleWindow | undefined {
    const window = this.#windows.get(target);
    window?.expire(now - this.#limits.windowMs);
    return window;
  }

  /** In place of the target that nothing was heard of for longest when there is no room. */
  #open(target: string): TargetWindow {
    if (this.#windows.size >= this.#limits.targets) {
      let longest: string | undefined;
      let least = Number.POSITIVE_INFINITY;
      for (const [name, { heardAt }] of this.#windows) {
        if (heardAt >= least) continue;
        longest = name;
        least = heardAt;
      }
      if (longest !== undefined) this.#windows.delete(longest);
    }
    const window = new TargetWindow(this.#limits.samples);
    this.#windows.set(target, window);
    return window;
  }
}

/** Streams and whole answers apart: a whole answer comes when the last word of a stream would. */
export type Latencies = Readonly<Record<Delivery, LatencyBook>>;

export const newLatencies = (clock: Clock): Latencies => ({
  stream: new LatencyBook(clock),
  whole: new LatencyBook(clock),
});
