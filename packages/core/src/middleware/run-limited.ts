import type { Clock } from '../contract/clock.js';
import { inTime, type TimeTerms } from '../pipeline/in-time.js';
import { isThenable } from '../schema/is-thenable.js';

export interface Limit extends Required<Pick<TimeTerms<unknown>, 'scope' | 'overdue' | 'thrown'>> {
  readonly clock: Clock;
  readonly limitMs: number;
}

/**
 * What a host's function returns: at once if it does, otherwise within its limit. @throws what the limit says
 * @param limitOf is asked only for a function that throws or takes its time
 */
export const runLimited = <T>(run: () => T | PromiseLike<T>, limitOf: () => Limit): T | Promise<T> => {
  let value: T | PromiseLike<T>;
  try {
    value = run();
  } catch (cause) {
    throw limitOf().thrown(cause);
  }
  if (!isThenable(value)) return value;
  const { scope, clock, limitMs, overdue, thrown } = limitOf();
  return inTime(value, { scope, start: (onDue) => clock.schedule(limitMs, onDue), overdue, thrown });
};
