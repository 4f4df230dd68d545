/** The amounts of one account in its window. Whole numbers, so that adding them up is exact. */
export interface Sum {
  readonly used: number;
  readonly reserved: number;
  readonly underestimated: number;
  /** The window's present part; amounts remember the one they were reserved in. */
  readonly period: number;
  /** Lets go of what is out of the window. @param now monotonic ms. @param epochMs ms since 1970 */
  advance(now: number, epochMs: number): void;
  /** Reserves, and returns the period it counts in. */
  take(amount: number): number;
  /** Puts what was used in the place of what was reserved in that period; nothing when that is out of the window. */
  settle(period: number, reserved: number, used: number): void;
  /** ms until used and reserved are at most `room` by the passing of time alone; undefined when that will not happen. */
  freesInMs(now: number, room: number, epochMs: number): number | undefined;
}
