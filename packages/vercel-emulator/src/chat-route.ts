import { makeAnswer } from './answer.js';
import { ApiError, insufficientFunds, invalidRequest, serviceUnavailable } from './api-error.js';
import { checkAttribution } from './attribution.js';
import { chatCompletion } from './chat-completion.js';
import { chatFrames } from './chat-frames.js';
import { type ChatRequest, parseChatRequest } from './chat-request.js';
import type { Completion } from './completion.js';
import { documentedError } from './documented-errors.js';
import type { EmulatorState } from './emulator-state.js';
import { takeSupported } from './parameter-support.js';
import { textOf } from './prompt-reading.js';
import { promptTokens } from './prompt-tokens.js';
import { randomText } from './random.js';
import { planReasoning } from './reasoning-answer.js';
import type { Reply } from './reply.js';
import type { Route, RouteRequest } from './route.js';
import { type RoutingOutcome, walkPlan } from './routing-outcome.js';
import { planRoute, type RoutingPlan } from './routing-plan.js';
import { routingRecord } from './routing-record.js';
import { generationId } from './ulid.js';
import { billFor } from './usage.js';

const LOWER_ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';
const UNLIMITED_OUTPUT = 128_000;
const SERVICE_TIERS = new Set(['openai', 'azure']);

type Served = NonNullable<RoutingOutcome['served']>;

/** The record that goes with an error after every attempt failed. */
export function failureRecord(
  outcome: RoutingOutcome,
  request: ChatRequest,
  now: number,
): Readonly<Record<string, unknown>> {
  return {
    routing: routingRecord({
      askedModel: request.model,
      outcome,
      startTime: now,
      endTime: now,
      session: sessionOf(request),
      affinity: undefined,
    }),
    emulated: true,
  };
}

function failure(outcome: RoutingOutcome, request: ChatRequest, now: number): ApiError {
  const gateway = failureRecord(outcome, request, now);
  if (![400, 413, 422].includes(outcome.lastStatus)) return serviceUnavailable(gateway);
  const { status, members } = documentedError(outcome.lastStatus);
  return new ApiError(status, members, { providerMetadata: { gateway } });
}

const sessionOf = (request: ChatRequest): string => textOf(request.messages[0]?.content);

function checkContext(request: ChatRequest, { plan: { model } }: Served, tokens: number): void {
  if (model.contextWindow === undefined || tokens <= model.contextWindow) return;
  const message = `The maximum context length of model '${request.model}' is ${model.contextWindow} tokens, but the messages have ${tokens} tokens`;
  throw invalidRequest(message, 'messages', 'context_length_exceeded');
}

function serviceTier(request: ChatRequest, provider: string): string | undefined {
  if (!SERVICE_TIERS.has(provider)) return undefined;
  return request.providerOptions?.gateway?.serviceTier ?? request.service_tier ?? 'default';
}

async function complete(
  asked: ChatRequest,
  plan: RoutingPlan,
  outcome: RoutingOutcome,
  served: Served,
  { headers }: RouteRequest,
  state: EmulatorState,
): Promise<Completion> {
  const catalogue = await state.catalogue();
  const { model } = served.plan;
  const reasons = planReasoning(asked, model, catalogue.parameterRule(model, 'reasoningEffort')?.default);
  const strict = state.strictParameters;
  const { request, warnings } = takeSupported(asked, model, catalogue, { effort: reasons?.effort ?? 'none', strict });

  const prompt = promptTokens(request);
  checkContext(asked, served, prompt);
  const cache = state.promptCache.use(model.id, request);
  const most = model.maxOutputTokens ?? UNLIMITED_OUTPUT;
  const limit = Math.min(most, request.max_tokens ?? request.max_completion_tokens ?? most);
  const answer = makeAnswer(request, model, { limit, reasons, random: state.random });
  const counts = { prompt, cached: cache.cached, cacheWritten: cache.written, ...answer.tokens };

  const startTime = state.clock.now();
  const { provider, credentialType } = served.attempt;
  const affinity = headers['x-session-affinity'];
  return {
    id: generationId(startTime, state.random),
    startTime,
    askedModel: asked.model,
    model,
    provider,
    outcome,
    answer,
    counts,
    bill: billFor(counts, model.pricing, credentialType === 'byok'),
    warnings: [...plan.warnings, ...warnings],
    systemFingerprint: `fp_${randomText(state.random, LOWER_ALPHANUMERIC, 10)}`,
    serviceTier: serviceTier(asked, provider),
    session: sessionOf(asked),
    affinity: typeof affinity === 'string' ? affinity : undefined,
  };
}

/** Checks in the observed order: body, credit, model. The credential has been checked before. */
export const chatRoute: Route = {
  method: 'POST',
  path: /^\/v1\/chat\/completions$/,
  needsCredential: true,
  async answer(routeRequest, state): Promise<Reply> {
    const asked = parseChatRequest(routeRequest.body);
    checkAttribution(routeRequest.attribution);
    if (!state.account.canPay) throw insufficientFunds();
    const plan = planRoute(asked, await state.catalogue());
    const outcome = walkPlan(plan, routeRequest.faults);
    if (outcome.served === undefined) throw failure(outcome, asked, state.clock.now());

    const completion = await complete(asked, plan, outcome, outcome.served, routeRequest, state);
    state.account.pay(completion.bill.cost);
    const generation = state.generations.add(completion, asked.stream === true);
    const finished = (): number => {
      generation.endTime = state.clock.now();
      return generation.endTime;
    };
    return asked.stream === true ? chatFrames(completion, finished) : chatCompletion(completion, finished());
  },
};
