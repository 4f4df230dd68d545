import type { ModelRequest } from '../contract/request.js';
import { nameOf, type Target } from '../registry/target.js';
import { withDefaults } from '../schema/with-defaults.js';
import { AttemptClocks } from './attempt-clocks.js';
import type { CallScope } from './call-scope.js';
import type { ClockSubject } from './clock-error.js';
import type { ClockLimits } from './clock-limits.js';
import type { LearnedLatencies } from './learned-latencies.js';
import type { SharedTimer } from './shared-timer.js';
import { type Stage, withTap } from './stage.js';

/** Limits of single targets, by `provider:model`. */
export type ModelClocks = ReadonlyMap<string, Partial<ClockLimits>>;

/**
 * The limits of an attempt: the host's where given, else defaults that leave reasoning models the time they need.
 * @param closer what comes before `given`, the closest last
 */
export const limitsFor = (
  given: Partial<ClockLimits>,
  request: ModelRequest,
  target: Target | undefined,
  ...closer: readonly (Partial<ClockLimits> | undefined)[]
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
  return withDefaults(defaults, given, ...closer);
};

/** Without limits of a call's own there are four sets, made once, and as many for each model that has its own. */
const limitsOf = (
  given: Partial<ClockLimits>,
  ofModels: ModelClocks,
): ((request: ModelRequest, scope: CallScope) => ClockLimits) => {
  const made = new Map<string, ClockLimits>();
  return (request, { target, facts }) => {
    const name = target === undefined || ofModels.size === 0 ? undefined : nameOf(target);
    const ofModel = name === undefined ? undefined : ofModels.get(name);
    if (facts.clocks !== undefined) return limitsFor(given, request, target, ofModel, facts.clocks);
    const kind = target?.info?.capabilities?.reasoning === true ? `${request.delivery} thinking` : request.delivery;
    const key = ofModel === undefined ? kind : `${kind} ${name}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const limits = limitsFor(given, request, target, ofModel);
    made.set(key, limits);
    return limits;
  };
};

/** Read only when a clock runs out, all but `isStream` and `deadline`: most attempts never need a name. */
class AttemptSubject implements ClockSubject {
  constructor(
    private readonly request: ModelRequest,
    private readonly scope: CallScope,
  ) {}

  get name(): string {
    const { target } = this.scope;
    return target === undefined ? 'the upstream' : nameOf(target);
  }

  get isStream(): boolean {
    return this.request.delivery === 'stream';
  }

  get deadline(): number {
    return this.scope.deadline;
  }

  get timeoutMs(): number {
    return this.scope.facts.timeoutMs ?? Number.POSITIVE_INFINITY;
  }
}

/**
 * Gives every attempt its own scope and its own clocks; a clock that runs out cancels that attempt only. Whoever chooses by
 * speed learns here how long each one took: a stage of its own for that would cost more than what it learns.
 * @param learned absent where nobody does
 */
export const clocksStage = (
  timer: SharedTimer,
  given: Partial<ClockLimits>,
  ofModels: ModelClocks = new Map<string, Partial<ClockLimits>>(),
  learned?: LearnedLatencies,
): Stage => {
  const limits = limitsOf(given, ofModels);
  return (next) => (request, scope) => {
    const clocks = new AttemptClocks(timer, limits(request, scope), new AttemptSubject(request, scope));
    const attempt = scope.attempt(clocks);
    clocks.start(attempt);
    const { target } = scope;
    return next(request, attempt).then(
      (open) => {
        if (learned !== undefined && target !== undefined) {
          const now = timer.now();
          learned.answered(nameOf(target), request.delivery, now - clocks.startedAt, now);
        }
        if (open.rest === undefined) {
          clocks.onEnd();
          return open;
        }
        clocks.commit();
        return withTap(open, clocks);
      },
      (error: unknown) => {
        if (learned !== undefined && target !== undefined) {
          const elapsedMs = timer.now() - clocks.startedAt;
          learned.failed(nameOf(target), request.delivery, { error, elapsedMs, isCancelled: scope.cancelled });
        }
        clocks.onEnd();
        throw error;
      },
    );
  };
};
