import type { Clock } from '../contract/clock.js';

const nothing = (): void => {};

/**
 * Calls back when a time has come that may move meanwhile: the deadline of a call that several wait for is the latest of
 * theirs. It is looked at again when the timer fires. @param at in ms of the clock; infinity: never
 * @returns the way to call it off
 */
export const whenPast = (clock: Clock, at: () => number, callback: () => void): (() => void) => {
  let stop = nothing;
  const arm = (dueAt: number): void => {
    if (dueAt === Number.POSITIVE_INFINITY) {
      stop = nothing;
      return;
    }
    stop = clock.schedule(Math.max(0, dueAt - clock.now()), () => {
      // Not by the time it is: that may be short of what was waited for by a rounding error, again and again.
      if (at() > dueAt) arm(at());
      else callback();
    });
  };
  arm(at());
  return () => stop();
};
