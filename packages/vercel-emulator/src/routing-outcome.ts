import type { AppliedFault } from './fault.js';
import type { ModelPlan, PlannedAttempt, RoutingPlan } from './routing-plan.js';

export interface ProviderAttempt extends PlannedAttempt {
  readonly statusCode: number;
  readonly success: boolean;
  readonly error: string | undefined;
}

export interface ModelAttempt {
  readonly plan: ModelPlan;
  readonly attempts: readonly ProviderAttempt[];
}

/** What became of a plan. */
export interface RoutingOutcome {
  readonly modelAttempts: readonly ModelAttempt[];
  /** Undefined when every attempt failed. */
  readonly served: { readonly plan: ModelPlan; readonly attempt: ProviderAttempt } | undefined;
  readonly lastStatus: number;
}

const DOWN = { status: 503, error: 'Provider is down' } as const;

/** The error of an attempt that took too long. */
export const TIMEOUT = 'PROVIDER_TIMEOUT';

/** Failures of the request itself, which no other provider would answer better. */
export const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 413, 422]);

/** Walks the plan. Attempts succeed, unless a `provider-failure` says otherwise. */
export function walkPlan(plan: RoutingPlan, faults: readonly AppliedFault[]): RoutingOutcome {
  const failures = faults.filter((fault) => fault.kind === 'provider-failure');
  const failureOf = (attempt: PlannedAttempt, isFirst: boolean): (typeof failures)[number] | undefined =>
    failures.find(
      ({ provider }) => provider === '*' || provider === attempt.provider || (provider === undefined && isFirst),
    );

  const modelAttempts: ModelAttempt[] = [];
  let isFirst = true;
  let lastStatus = 503;
  for (const modelPlan of plan.models) {
    const attempts: ProviderAttempt[] = [];
    modelAttempts.push({ plan: modelPlan, attempts });
    for (const planned of modelPlan.attempts) {
      const isDown = modelPlan.health.get(planned.provider) === 'down';
      const failure = failureOf(planned, isFirst) ?? (isDown ? DOWN : undefined);
      isFirst = false;
      if (failure === undefined) {
        const attempt: ProviderAttempt = { ...planned, statusCode: 200, success: true, error: undefined };
        attempts.push(attempt);
        return { modelAttempts, served: { plan: modelPlan, attempt }, lastStatus: 200 };
      }
      lastStatus = failure.status ?? 503;
      const error = failure.error ?? (lastStatus === 408 ? TIMEOUT : `Emulated failure ${lastStatus}`);
      attempts.push({ ...planned, statusCode: lastStatus, success: false, error });
      if (FINAL_STATUSES.has(lastStatus)) return { modelAttempts, served: undefined, lastStatus };
    }
  }
  return { modelAttempts, served: undefined, lastStatus };
}

/** What a plan looks like when no provider answers: the record of a 503. */
export function failedOutcome(plan: RoutingPlan): RoutingOutcome {
  const fault = { kind: 'provider-failure' as const, provider: '*', status: 503, error: 'Service unavailable' };
  return walkPlan(plan, [fault]);
}
