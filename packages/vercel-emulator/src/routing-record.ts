import { createHash } from 'node:crypto';
import { type ModelAttempt, type ProviderAttempt, type RoutingOutcome, TIMEOUT } from './routing-outcome.js';
import { sortMetric } from './routing-plan.js';

export interface RecordContext {
  /** The model id as it was asked for. */
  readonly askedModel: string;
  readonly outcome: RoutingOutcome;
  /** Epoch milliseconds. */
  readonly startTime: number;
  readonly endTime: number;
  /** Tells one conversation from another: the same for the same prompt of the same client. */
  readonly session: string;
  /** Value of `x-session-affinity`. */
  readonly affinity: string | undefined;
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const nameOf = (modelId: string): string => modelId.slice(modelId.indexOf('/') + 1);

function attemptRecord(
  attempt: ProviderAttempt,
  { model: { id: modelId }, zone }: ModelAttempt['plan'],
  { startTime, endTime, session }: RecordContext,
): object {
  const mark = hex(`${session} ${attempt.provider} ${startTime}`);
  // An attempt that failed took no time; all of it belongs to the one that served.
  const end = attempt.success ? endTime : startTime;
  return {
    provider: attempt.provider,
    providerApiModelId: nameOf(modelId),
    credentialType: attempt.credentialType,
    success: attempt.success,
    ...(attempt.error === undefined ? {} : { error: attempt.error }),
    startTime,
    endTime: end,
    providerRequestId: `req_${mark}`,
    statusCode: attempt.statusCode,
    ...(attempt.success ? { providerResponseId: `resp_${mark}` } : {}),
    ...(attempt.error === TIMEOUT && attempt.timeoutMs !== undefined
      ? { providerTimeout: true, configuredTimeoutMs: attempt.timeoutMs }
      : {}),
    ...(zone === undefined
      ? {}
      : { inferenceEndpoint: { slug: `${attempt.provider}-${zone}`, scope: 'zone', geoRegion: zone } }),
  };
}

function modelRecord({ plan, attempts }: ModelAttempt, context: RecordContext): object {
  return {
    canonicalSlug: plan.model.id,
    success: attempts.some(({ success }) => success),
    providerAttemptCount: attempts.length,
    providerAttempts: attempts.map((attempt) => attemptRecord(attempt, plan, context)),
  };
}

function planningReasoning({ plan }: ModelAttempt): string {
  const slugs = (type: string): string =>
    plan.attempts
      .filter((a) => a.credentialType === type)
      .map((a) => a.provider)
      .join(', ');
  const byok = slugs('byok');
  const order = plan.attempts.map(({ provider, credentialType }) => `${provider}(${credentialType})`).join(' → ');
  const ruledOut = plan.skipped.map(({ provider, reason }) => `${provider} (${reason})`).join(', ');
  return [
    ...(byok === '' ? [] : [`BYOK credentials planned for: ${byok}. `]),
    `System credentials planned for: ${slugs('system')}. Total execution order: ${order}`,
    // Ours: what was seen on the wire names only those that are tried.
    ...(ruledOut === '' ? [] : [`. Skipped: ${ruledOut}`]),
  ].join('');
}

function sortRecord({ plan: { sort, model, providers, health } }: ModelAttempt): object {
  if (sort === undefined) return {};
  return {
    sort: {
      option: sort,
      executionOrder: providers.map(({ slug }) => slug),
      metrics: Object.fromEntries(providers.map((provider) => [provider.slug, sortMetric(model, provider, sort)])),
      deprioritizedProviders: providers.map(({ slug }) => slug).filter((slug) => health.has(slug)),
    },
  };
}

/** `provider_metadata.gateway.routing`, with the members in the recorded order. */
export function routingRecord(context: RecordContext): Record<string, unknown> {
  const { outcome, affinity, session } = context;
  const last = outcome.modelAttempts.at(-1);
  const resolved = last?.plan.providers[0]?.slug;
  const final = outcome.served?.attempt.provider ?? last?.attempts.at(-1)?.provider;
  const attemptCount = outcome.modelAttempts.reduce((sum, { attempts }) => sum + attempts.length, 0);
  return {
    originalModelId: context.askedModel,
    resolvedProvider: resolved,
    ...(last === undefined ? {} : { resolvedProviderApiModelId: nameOf(last.plan.model.id) }),
    fallbacksAvailable: last?.plan.providers.slice(1).map(({ slug }) => slug) ?? [],
    planningReasoning: last === undefined ? '' : planningReasoning(last),
    canonicalSlug: last?.plan.model.id,
    finalProvider: final,
    modelAttemptCount: outcome.modelAttempts.length,
    modelAttempts: outcome.modelAttempts.map((attempt) => modelRecord(attempt, context)),
    totalProviderAttemptCount: attemptCount,
    affinity:
      affinity === undefined
        ? { outcome: 'skipped_below_min_prefix' }
        : { outcome: 'confirmed', pinnedProvider: final },
    clientSessionId: hex(affinity ?? session),
    clientSessionIdSource: affinity === undefined ? 'fingerprint' : 'explicit',
    ...(last?.plan.isFast === true ? { speed: 'fast' } : {}),
    ...(last === undefined ? {} : sortRecord(last)),
  };
}
