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

/**
 * How long targets took to their first content, attempt by attempt: exact quantiles over the newest of each. Targets go by
 * name, `provider:model`. An observation costs two binary searches and the move of at most a kilobyte.
 */
export class LatencyBook {
  readonly #windows = new Map<string, SampleWindow>();
  readonly #limits: LatencyBookLimits;

  constructor(
    private readonly clock: Clock,
    limits: Partial<LatencyBookLimits> = {},
  ) {
    this.#limits = { ...DEFAULTS, ...limits };
  }

  /** The first content came after this many ms. */
  observe(target: string, firstContentMs: number): void {
    const now = this.clock.now();
    const window = this.#windows.get(target) ?? new SampleWindow(this.#limits.samples);
    window.expire(now - this.#limits.windowMs);
    window.add(firstContentMs, now);
    // The last of the map is the one heard of last.
    this.#windows.delete(target);
    this.#windows.set(target, window);
    if (this.#windows.size <= this.#limits.targets) return;
    for (const first of this.#windows.keys()) {
      this.#windows.delete(first);
      break;
    }
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

  times(target: string): TargetTimes {
    const window = this.#current(target);
    if (window === undefined) return UNKNOWN;
    const { count, finite } = window;
    return { typicalMs: window.quantile(0.5), samples: count, failures: count - finite, isNew: false };
  }

  #current(target: string): SampleWindow | undefined {
    const window = this.#windows.get(target);
    window?.expire(this.clock.now() - this.#limits.windowMs);
    return window;
  }
}

/** Streams and whole answers apart: a whole answer comes when the last word of a stream would. */
export type Latencies = Readonly<Record<Delivery, LatencyBook>>;

export const newLatencies = (clock: Clock): Latencies => ({
  stream: new LatencyBook(clock),
  whole: new LatencyBook(clock),
});
