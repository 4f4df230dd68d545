import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import { nameOf, type Target } from '../registry/target.js';
import { withDefaults } from '../schema/with-defaults.js';
import { AttemptClocks } from './attempt-clocks.js';
import type { ClockLimits } from './clock-limits.js';
import { type Stage, withTap } from './stage.js';

/** The limits of an attempt: the host's where given, else defaults that leave reasoning models the time they need. */
export const limitsFor = (
  given: Partial<ClockLimits>,
  request: ModelRequest,
  target: Target | undefined,
  ofThisCall?: Partial<ClockLimits>,
): ClockLimits => {
  const thinks = target?.info?.capabilities?.reasoning === true;
  const defaults: ClockLimits = {
    connectMs: 10_000,
    headersMs: Number.POSITIVE_INFINITY,
    firstContentMs: thinks ? 600_000 : 120_000,
    idleMs: thinks ? 300_000 : 60_000,
    totalMs: request.delivery === 'whole' ? 600_000 : Number.POSITIVE_INFINITY,
    minBytesPerSecond: 0,
    throughputWindowMs: 30_000,
  };
  return withDefaults(defaults, given, ofThisCall);
};

/** Gives every attempt its own scope and its own clocks; a clock that runs out cancels that attempt only. */
export const clocksStage =
  (clock: Clock, given: Partial<ClockLimits>): Stage =>
  (next) =>
  async (request, scope) => {
    const limits = limitsFor(given, request, scope.target, scope.facts.clocks);
    const name = scope.target === undefined ? 'the upstream' : nameOf(scope.target);
    const attempt = scope.attempt((phase, bytes) => clocks.onPhase(phase, bytes));
    const streamed = request.delivery === 'stream';
    const deadline = { at: scope.deadline, timeoutMs: scope.facts.timeoutMs ?? Number.POSITIVE_INFINITY };
    const clocks = new AttemptClocks(clock, limits, streamed, deadline, name, (error) => attempt.cancel(error));
    const release = (): void => {
      clocks.stop();
      attempt.close();
    };
    try {
      const open = await next(request, attempt);
      if (open.rest === undefined) {
        release();
        return open;
      }
      clocks.commit();
      return withTap(withTap(open, clocks), { onEnd: release });
    } catch (error) {
      release();
      throw error;
    }
  };
