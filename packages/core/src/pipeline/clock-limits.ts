import type { ModelReference } from '../contract/known-models.js';

/** Limits of one attempt, each with an error code of its own. All in ms; `Infinity` switches a clock off. */
export interface ClockLimits {
  /** Until a connection is there. Default 10 000. */
  readonly connectMs: number;
  /** From there until the answer's headers. Default off: many upstreams send headers with the first token. */
  readonly headersMs: number;
  /** From the start until the first content; keep-alives do not count. Streams only. Default 120 000, 600 000 for reasoning models. */
  readonly firstContentMs: number;
  /** Between two reads while the caller waits for one; any bytes count. Streams only. Default 60 000, 300 000 for reasoning models. */
  readonly idleMs: number;
  /** The whole attempt. Default off for streams, 600 000 for whole answers. */
  readonly totalMs: number;
  /** Least bytes a second over `throughputWindowMs` after the first content. Streams only. Default 0: off. */
  readonly minBytesPerSecond: number;
  /** Default 30 000. */
  readonly throughputWindowMs: number;
}

/** Limits of all attempts, and of those at single models. */
export interface ClockOptions extends Partial<ClockLimits> {
  /** By model reference; what is absent there is that of all. What a call gives comes first. Default: none. */
  readonly models?: Readonly<Partial<Record<ModelReference, Partial<ClockLimits>>>>;
}
