import type { Clock } from '../contract/clock.js';
import { TimeoutError } from '../errors/clock-errors.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { keptAttempts } from '../pipeline/retry-wait.js';
import type { GateTerms } from './attempt-gate.js';
import { type FullPlace, queueFull, queueTimeout } from './refusals.js';

/** How long and among how many a call may wait for room. */
export interface QueueLimits {
  readonly maxQueued: number;
  readonly maxWaitMs: number;
}

/** A line that a call may join. */
export interface Line<T> extends FullPlace {
  /** @param until on the scale of `Clock.now()`; may move while it is waited */
  join(scope: CallScope, clock: Clock, until: () => number): Promise<T | undefined>;
}

/** A call before a place that is full. */
export interface WaitingCall {
  readonly scope: CallScope;
  readonly clock: Clock;
  readonly terms: GateTerms;
  /** When it came to the gate. */
  readonly since: number;
}

/**
 * Waits for room at one place. Undefined when all who waited were sent away.
 * @throws TargetUnavailableError when there is none soon enough, as far as can be told at once; TimeoutError at the deadline
 */
export const waitForRoom = async <T>(
  line: Line<T>,
  limits: QueueLimits,
  { scope, clock, terms, since }: WaitingCall,
): Promise<T | undefined> => {
  const began = clock.now();
  if (line.queued >= limits.maxQueued)
    throw queueFull(line, began, `no more than ${limits.maxQueued} may (\`gate.concurrency.maxQueued\`)`);
  const hasNext = scope.facts.keptAttempts !== undefined && keptAttempts(scope, queueFull(line, began, '')) > 0;
  const { maxDelayMs } = terms.options;
  const [longestMs, limit] =
    hasNext && maxDelayMs < limits.maxWaitMs
      ? [maxDelayMs, '`retry.maxDelayMs`, as another target is left']
      : [limits.maxWaitMs, '`gate.concurrency.maxWaitMs`'];
  // The deadline of a call that several wait for may move.
  const until = (): number => Math.min(since + longestMs, scope.deadline);
  const leftMs = until() - began;
  const { expectedMs = 0 } = line;
  if (leftMs <= 0 || expectedMs > leftMs) {
    const most = since + longestMs <= scope.deadline ? limit : 'the deadline of the call';
    throw queueFull(line, began, `a slot is expected in ${Math.round(expectedMs)} ms, later than ${most} allows`);
  }
  const given = await line.join(scope, clock, until);
  const now = clock.now();
  // Timers may come a little early.
  if (given !== undefined || until() - now >= 1) return given;
  if (now >= scope.deadline) {
    const limitMs = scope.facts.timeoutMs ?? 0;
    throw new TimeoutError(
      'deadline',
      limitMs,
      `The deadline of the call (${limitMs} ms) passed while it waited for room at ${line.name}.`,
    );
  }
  throw queueTimeout(line, now, now - since, limit);
};
