/** Counts requests in a window that slides. */
export interface RateWindow {
  /** Lets a request through and counts it: undefined; or the milliseconds until one will be let through. */
  take(nowMs: number): number | undefined;
}

export interface RateWindowOptions {
  /** Requests in any `perMs`, from 1. */
  readonly requests: number;
  readonly perMs: number;
}

/** Requests that are refused do not count, so a client that waits as it is told is always let through. */
export function createRateWindow({ requests, perMs }: RateWindowOptions): RateWindow {
  // A ring of the latest `requests` that were let through: the place to be written next holds the oldest of them.
  const taken: number[] = [];
  let next = 0;
  return {
    take(nowMs) {
      const oldest = taken[next];
      if (oldest !== undefined && nowMs < oldest + perMs) return oldest + perMs - nowMs;
      taken[next] = nowMs;
      next = (next + 1) % requests;
      return undefined;
    },
  };
}
