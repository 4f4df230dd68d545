import type { UpstreamAttempt } from '@headrace/core/plugin';

type Fields = Readonly<Record<string, unknown>>;
type Told = { -readonly [K in keyof UpstreamAttempt]: UpstreamAttempt[K] };

/** Tries that are listed at most: a record comes from outside. */
const MAX_ATTEMPTS = 100;

/** Names as upstreams write them; anything else is prose and goes the way of messages. */
const NAME = /^[\w.:/@+-]{1,128}$/;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && NAME.test(value) ? value : undefined;

const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

const errorOf = (value: unknown): string | undefined => {
  const text = fieldsOf(value)?.['message'] ?? value;
  return typeof text === 'string' && text !== '' ? text : undefined;
};

const durationOf = (attempt: Fields): number | undefined => {
  const { startTime, endTime } = attempt;
  const between = typeof startTime === 'number' && typeof endTime === 'number' ? endTime - startTime : undefined;
  return countOf(between) ?? countOf(attempt['responseTimeMs']);
};

const attemptOf = (attempt: Fields, model: string | undefined, told: (text: string) => string): Told | undefined => {
  const provider = nameOf(attempt['provider']);
  if (provider === undefined) return undefined;
  const found: Told = { provider, success: attempt['success'] === true };
  if (model !== undefined) found.model = model;
  const status = countOf(attempt['statusCode']);
  if (status !== undefined) found.status = status;
  const error = errorOf(attempt['error']);
  if (error !== undefined) found.error = told(error);
  const durationMs = durationOf(attempt);
  if (durationMs !== undefined) found.durationMs = durationMs;
  const { credentialType } = attempt;
  if (typeof credentialType === 'string') found.ownKey = credentialType === 'byok';
  const requestId = nameOf(attempt['providerRequestId']);
  if (requestId !== undefined) found.requestId = requestId;
  return found;
};

/**
 * What the gateway tried, provider by provider, from the routing record of an answer or of an error body.
 * @param record `provider_metadata.gateway`, as it came.
 * @param told makes upstream's words fit to be shown.
 * @returns undefined when the record lists no try.
 */
export const upstreamAttemptsOf = (
  record: unknown,
  told: (text: string) => string,
): readonly UpstreamAttempt[] | undefined => {
  const routing = fieldsOf(fieldsOf(record)?.['routing']);
  if (routing === undefined) return undefined;
  const attempts: UpstreamAttempt[] = [];
  for (const one of listOf(routing['modelAttempts'])) {
    const tried = fieldsOf(one);
    if (tried === undefined) continue;
    const model = nameOf(tried['canonicalSlug']) ?? nameOf(tried['modelId']);
    for (const attempt of listOf(tried['providerAttempts'])) {
      if (attempts.length >= MAX_ATTEMPTS) return attempts;
      const found = attemptOf(fieldsOf(attempt) ?? {}, model, told);
      if (found !== undefined) attempts.push(found);
    }
  }
  return attempts.length === 0 ? undefined : attempts;
};
