import { ApiError, serviceUnavailable } from './api-error.js';
import { checkAttribution } from './attribution.js';
import { callerOf } from './caller.js';
import type { Catalogue } from './catalogue.js';
import type { SeedModel } from './catalogue-seed.js';
import { documentedError } from './documented-errors.js';
import type { EmulatorState } from './emulator-state.js';
import type { Generated } from './generated.js';
import type { Warning } from './parameter-support.js';
import type { Reply } from './reply.js';
import type { Route, RouteRequest } from './route.js';
import { FINAL_STATUSES, failedOutcome, type RoutingOutcome, walkPlan } from './routing-outcome.js';
import { planRoute, type RoutedRequest } from './routing-plan.js';
import { routingRecord } from './routing-record.js';
import { spendKey } from './spend-key.js';
import { generationId } from './ulid.js';
import { type Bill, billFor, type TokenCounts } from './usage.js';

/** A checked request. */
export interface Wanted<Asked> {
  readonly asked: Asked;
  readonly routing: RoutedRequest;
  /** Tells one conversation from another: the same for the same prompt. */
  readonly session: string;
  readonly streamed: boolean;
}

/** Who serves a request, and what its answer is made with. */
export interface Serving {
  readonly model: SeedModel;
  readonly provider: string;
  readonly catalogue: Catalogue;
  readonly state: EmulatorState;
}

export interface Made<Answer> {
  readonly answer: Answer;
  readonly counts: TokenCounts;
  /** As `GET /v1/generation` tells it. */
  readonly finishReason: string;
  readonly warnings?: readonly Warning[];
  readonly serviceTier?: string | undefined;
  /** Of what is not paid for by the token. Default: the tokens at list price. @param isByok the caller brought the key */
  readonly bill?: (isByok: boolean) => Bill;
}

/** What a route that spends credit does itself. The rest is the same for all of them. */
export interface Generation<Asked, Answer> {
  readonly path: RegExp;
  /** Type of the models that may be asked. */
  readonly modelType: string;
  /** As of a `Route`. */
  readonly takesApiKeyHeader?: boolean | undefined;
  /** Default: `{ error, … }`. */
  readonly errorBody?: ((error: ApiError) => unknown) | undefined;
  /** @throws ApiError with status 400 */
  parse(request: RouteRequest, state: EmulatorState): Wanted<Asked>;
  /** @throws ApiError with status 400 when the model cannot answer such a request */
  make(asked: Asked, serving: Serving): Made<Answer>;
  /** @param finished called when the last frame or the body is made; gives the time in epoch milliseconds */
  write(generated: Generated<Answer>, asked: Asked, finished: () => number): Reply;
}

function failureRecord(
  outcome: RoutingOutcome,
  { routing, session }: Wanted<unknown>,
  now: number,
): Readonly<Record<string, unknown>> {
  const record = { askedModel: routing.model, outcome, startTime: now, endTime: now, session, affinity: undefined };
  return { routing: routingRecord(record), emulated: true };
}

function failure(outcome: RoutingOutcome, gateway: Readonly<Record<string, unknown>>): ApiError {
  if (!FINAL_STATUSES.has(outcome.lastStatus)) return serviceUnavailable(gateway);
  const { status, members } = documentedError(outcome.lastStatus);
  return new ApiError(status, members, { providerMetadata: { gateway } });
}

/**
 * A route whose answers are planned, recorded and paid for. Checks in the observed order: body, credit, model. The
 * credential has been checked before.
 */
export const generatingRoute = <Asked, Answer>(generation: Generation<Asked, Answer>): Route => ({
  method: 'POST',
  path: generation.path,
  needsCredential: true,
  takesApiKeyHeader: generation.takesApiKeyHeader,
  errorBody: generation.errorBody,
  async failureRecord(request, state) {
    try {
      const wanted = generation.parse(request, state);
      const models = state.economy.models(await state.catalogue(), wanted.routing);
      const plan = planRoute(wanted.routing, models, generation.modelType, state.providerHealth);
      return failureRecord(failedOutcome(plan), wanted, state.clock.now());
    } catch (unplanned) {
      if (unplanned instanceof ApiError) return undefined;
      throw unplanned;
    }
  },
  async answer(request, state) {
    const wanted = generation.parse(request, state);
    checkAttribution(request.attribution);
    const caller = callerOf(request, wanted.routing, generation.takesApiKeyHeader === true);
    state.economy.admit(caller, state.clock.now());
    const catalogue = await state.catalogue();
    const models = state.economy.models(catalogue, wanted.routing);
    const plan = planRoute(wanted.routing, models, generation.modelType, state.providerHealth);
    const outcome = walkPlan(plan, request.faults);
    const { served } = outcome;
    if (served === undefined) throw failure(outcome, failureRecord(outcome, wanted, state.clock.now()));

    const { model } = served.plan;
    const { provider, credentialType } = served.attempt;
    const isByok = credentialType === 'byok';
    const made = generation.make(wanted.asked, { model, provider, catalogue, state });
    const startTime = state.clock.now();
    const affinity = request.headers['x-session-affinity'];
    const generated: Generated<Answer> = {
      id: generationId(startTime, state.random),
      startTime,
      askedModel: wanted.routing.model,
      model,
      provider,
      outcome,
      answer: made.answer,
      finishReason: made.finishReason,
      counts: made.counts,
      bill: made.bill?.(isByok) ?? billFor(made.counts, model.pricing, isByok),
      warnings: [...plan.warnings, ...(made.warnings ?? [])],
      serviceTier: made.serviceTier,
      session: wanted.session,
      affinity: typeof affinity === 'string' ? affinity : undefined,
    };
    state.economy.pay(caller, generated.bill.cost);
    state.spend.add(
      spendKey(generated, wanted.routing, caller, request.attribution.tags),
      generated.counts,
      generated.bill,
    );
    const logged = state.generations.add(generated, wanted.streamed);
    return generation.write(generated, wanted.asked, () => {
      logged.endTime = state.clock.now();
      return logged.endTime;
    });
  },
});
