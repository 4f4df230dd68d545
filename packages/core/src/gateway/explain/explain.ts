import type { Clock } from '../../contract/clock.js';
import type { AttemptGate } from '../../gate/attempt-gate.js';
import { Candidate, LazyMeasure } from '../../pipeline/candidate.js';
import { cheapestOrder } from '../../pipeline/cheapest-order.js';
import { anchorOf, exclusionOf } from '../../pipeline/exclusion.js';
import { rank } from '../../pipeline/fastest-order.js';
import type { LatencyBook, TargetTimes } from '../../pipeline/latency-book.js';
import type { LearnedLatencies } from '../../pipeline/learned-latencies.js';
import type { SkippedTarget } from '../../pipeline/receipt.js';
import { reasonOf } from '../../pipeline/route-refusal.js';
import { windowOf } from '../../registry/check-capabilities.js';
import type { ModelRegistry } from '../../registry/model-registry.js';
import type { Route, Routes } from '../../registry/routes.js';
import { nameOf, type Target } from '../../registry/target.js';
import type { Writable } from '../../schema/writable.js';
import type { PreparedCall } from '../prepared-call.js';
import type { ExplainedTarget, Explanation, Unavailability } from './explanation.js';

/** What an explanation is made from. */
export interface ExplainTerms {
  readonly models: ModelRegistry;
  readonly routes: Routes | undefined;
  readonly clock: Clock;
  readonly latencies: LearnedLatencies;
  readonly gate: AttemptGate | undefined;
  /** Unless the call says otherwise. */
  readonly maxAttempts: number;
  readonly strict: boolean;
}

/** A target in its place. */
interface Place {
  readonly candidate: Candidate;
  readonly times?: TargetTimes;
}

const placesOf = (
  route: Route | undefined,
  candidates: readonly Candidate[],
  book: LatencyBook | undefined,
): Place[] => {
  if (route?.strategy === 'fastest' && book !== undefined)
    return rank(candidates, book).map(({ target: candidate, times }) => ({ candidate, times }));
  const order =
    route?.strategy === 'cheapest'
      ? cheapestOrder(candidates)
      : route?.strategy === 'weighted'
        ? [...candidates].sort((one, other) => other.weight - one.weight)
        : candidates;
  return order.map((candidate) => ({ candidate }));
};

const unavailability = (target: Target, { gate, clock }: ExplainTerms): Unavailability | undefined => {
  const now = clock.now();
  const refusal = gate?.refusalAt(target, now) ?? gate?.restAt(target, now);
  if (refusal === undefined) return undefined;
  const { code, retryAfterMs } = refusal;
  return { code, reason: reasonOf(refusal), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

const measuredOf = ({ typicalMs, samples, failures }: TargetTimes): NonNullable<ExplainedTarget['measured']> => ({
  ...(typicalMs === undefined || !Number.isFinite(typicalMs) ? {} : { typicalMs }),
  attempts: samples,
  failures,
});

/** @param share of the calls that ask it first, where that is drawn */
const explainedTarget = (
  { candidate, times }: Place,
  target: Target,
  share: number | undefined,
  terms: ExplainTerms,
): ExplainedTarget => {
  const { planned } = candidate.fit;
  const explained: Writable<ExplainedTarget> = {
    target: nameOf(target),
    provider: target.provider.id,
    model: target.model,
    warnings: planned?.warnings ?? [],
    tokens: candidate.estimate,
    cost: candidate.cost,
  };
  if (planned?.request.kind === 'completion') explained.parameters = planned.request.parameters;
  const window = windowOf(target.info);
  if (window !== undefined) explained.contextWindow = window;
  if (share !== undefined) explained.share = share;
  if (times !== undefined) explained.measured = measuredOf(times);
  const unavailable = unavailability(target, terms);
  if (unavailable !== undefined) explained.unavailable = unavailable;
  return explained;
};

const unknownModel = (models: ModelRegistry, reference: string): SkippedTarget => ({
  target: reference,
  code: 'model-not-found',
  reason: `${reasonOf(models.notFound(reference))}; a call would first look once more where news may be had`,
});

/** The targets of a request that names a route, or the one of a request that names a model. */
const candidatesOf = (
  { request, strict, layers }: PreparedCall,
  route: Route | undefined,
  terms: ExplainTerms,
): readonly Candidate[] => {
  const { models, clock } = terms;
  const measure = new LazyMeasure(request);
  const routed = {
    request,
    models,
    layers,
    strict: strict ?? terms.strict,
    epochMs: clock.epochMs(),
    isAlone: route === undefined,
  };
  const named = { reference: request.model, name: request.model, weight: 1 };
  return (route?.targets ?? [named]).map((listed) => new Candidate(listed, routed, measure));
};

/**
 * What would become of the call: nothing is sent and nothing is spent.
 * @throws UnknownProviderError, ModelNotFoundError for a reference that says nothing to this gateway
 */
export const explain = async (prepared: PreparedCall, terms: ExplainTerms): Promise<Explanation> => {
  const { request, maxAttempts } = prepared;
  const { models } = terms;
  const route = terms.routes?.get(request.model);
  // What is neither a route nor a model of any provider is wrong input here too.
  if (route === undefined) models.split(request.model);
  const book = route?.strategy === 'fastest' ? (await terms.latencies.load())[request.delivery] : undefined;
  const candidates = candidatesOf(prepared, route, terms);
  const anchor = anchorOf(candidates);
  const skipped: SkippedTarget[] = [];
  const fit: { readonly place: Place; readonly target: Target }[] = [];
  for (const place of placesOf(route, candidates, book)) {
    const { candidate } = place;
    const { target, name, request: asked } = candidate;
    const exclusion = exclusionOf(candidate, anchor);
    if (target === undefined) skipped.push(unknownModel(models, asked.model));
    else if (exclusion === undefined) fit.push({ place, target });
    else
      skipped.push({
        target: route === undefined ? nameOf(target) : name,
        code: exclusion.code,
        reason: exclusion.reason,
      });
  }
  const weights = fit.reduce((sum, { place }) => sum + place.candidate.weight, 0);
  const shareOf = ({ candidate }: Place): number | undefined =>
    route?.strategy === 'weighted' ? candidate.weight / weights : undefined;
  return {
    reference: request.model,
    kind: request.kind,
    ...(route === undefined ? {} : { strategy: route.strategy }),
    servable: fit.length > 0,
    targets: fit.map(({ place, target }) => explainedTarget(place, target, shareOf(place), terms)),
    skipped,
    maxAttempts: maxAttempts ?? terms.maxAttempts,
  };
};
