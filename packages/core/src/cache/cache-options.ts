/** Answers that are kept and given again to equal calls. What is absent has its default. */
export interface CacheOptions {
  /** The oldest answer that is given, in ms: above 0. Default 3,600,000: an hour. */
  readonly maxAgeMs?: number;
  /** Answers kept at one time: an integer >= 1. The one that was not asked for the longest goes first. Default 1,000. */
  readonly maxEntries?: number;
  /** Memory for all answers together, in bytes as estimated: an integer >= 1. Default 67,108,864: 64 MiB. */
  readonly maxBytes?: number;
  /** The largest answer that is kept, in bytes: an integer >= 1, at most `maxBytes`. Default: a sixteenth of `maxBytes`. */
  readonly maxEntryBytes?: number;
  /** Whether calls that do not say use the cache. Default true; false: only those with `cache: true` or `'refresh'`. */
  readonly everyCall?: boolean;
  /** Whether calls that differ in `endUser` alone share answers. Default false. Tenants never do. */
  readonly acrossEndUsers?: boolean;
}

/**
 * What a call wants of the cache. `true`: an answer that is there, or one that another call is getting. `false`: nothing
 * to do with it. `refresh`: a new answer, which then takes the place of the old one.
 */
export type CacheUse = boolean | 'refresh';
