import type { Clock } from '../contract/clock.js';

// Longer delays fire at once: https://nodejs.org/docs/latest-v20.x/api/timers.html#settimeoutcallback-delay-args
const LONGEST_DELAY_MS = 2 ** 31 - 1;

const schedule = (delayMs: number, callback: () => void): (() => void) => {
  if (delayMs > LONGEST_DELAY_MS) {
    let cancel = schedule(LONGEST_DELAY_MS, () => {
      cancel = schedule(delayMs - LONGEST_DELAY_MS, callback);
    });
    return () => cancel();
  }
  const timer = setTimeout(callback, Math.ceil(delayMs));
  return () => clearTimeout(timer);
};

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  schedule,
};
