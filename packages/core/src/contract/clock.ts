/** Time, injected so that tests need not wait. */
export interface Clock {
  /** Monotonic, in milliseconds, from an arbitrary zero. */
  now(): number;
  /** Milliseconds since the Unix epoch. */
  epochMs(): number;
  /** Calls back once after `delayMs`; returns the way to call it off. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** A number in [0, 1). */
export type RandomSource = () => number;
