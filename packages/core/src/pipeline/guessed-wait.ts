/** Bounds of a guess, in ms: nobody is to come back at once, and none is so good that it should keep callers away for longer. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * ms after which one of the calls under way may be over: a hint for who is sent away where nothing is known that a wait could be
 * computed from. As long as calls take; where none has ended, as long again as the oldest has taken so far, which is the
 * median of what is left of something of which only its age is known. From 1 s to 30 s.
 * @param meanMs of calls that have ended; undefined before the first has. @param firstAt when the first one began; undefined before
 * @see https://doi.org/10.1038/363315a0 J. R. Gott, Nature 363, 315 (1993)
 */
export const guessedWaitMs = (meanMs: number | undefined, firstAt: number | undefined, now: number): number =>
  Math.min(LONGEST_MS, Math.max(SHORTEST_MS, meanMs ?? now - (firstAt ?? now)));
