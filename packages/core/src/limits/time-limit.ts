import type { Clock } from '../contract/clock.js';

const OVERDUE = new Error('It has not answered in time.');

/** The promise, unless it takes longer: then this rejects, and what becomes of the promise is nobody's affair. */
export const within = <T>(promise: Promise<T>, limitMs: number, clock: Clock): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = clock.schedule(limitMs, () => reject(OVERDUE));
    promise.then(
      (value) => {
        stop();
        resolve(value);
      },
      (error: unknown) => {
        stop();
        reject(error);
      },
    );
  });
