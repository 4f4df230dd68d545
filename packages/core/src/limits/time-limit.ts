import type { Clock } from '../contract/clock.js';

const OVERDUE = new Error('It has not answered in time.');

/**
 * The promise, unless it takes longer: then this rejects, and what becomes of the promise is nobody's affair.
 * @param overdue what it then rejects with
 */
export const within = <T>(
  promise: PromiseLike<T>,
  limitMs: number,
  clock: Clock,
  overdue: () => unknown = () => OVERDUE,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = clock.schedule(limitMs, () => reject(overdue()));
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
