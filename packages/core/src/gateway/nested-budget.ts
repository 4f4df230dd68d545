import type { TraceContext } from '../contract/call-context.js';
import { ConfigurationError, type InputIssue, InvalidRequestError } from '../errors/caller-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { Receipt } from '../pipeline/receipt.js';
import { isTraceparent, isTracestate } from '../schema/trace-context.js';

/** Names of the headers by which gateways tell one another what a call may still use. Lower case, as Node gives them. */
export const BUDGET_HEADERS = {
  /** Request: upstream attempts that the receiver may make in all, as a whole number from 1. */
  maxAttempts: 'headrace-max-attempts',
  /** Request: ms until the deadline of the call, as a whole number from 1; relative, since clocks differ. */
  timeoutMs: 'headrace-timeout-ms',
  /** Answer: upstream attempts that were made, as a whole number from 0. */
  attemptsUsed: 'headrace-attempts-used',
} as const;

/** Headers of a request: those of Node (names in lower case), or a `Headers` object. */
export type IncomingHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a call may use because its caller said so: options of a call, to be spread into it. */
export interface CallBudget {
  readonly maxAttempts?: number;
  readonly timeoutMs?: number;
  readonly trace?: TraceContext;
}

/** What a server grants at most: to who asks for more, and to who asks for nothing. */
export interface BudgetLimits {
  /** Integer 1–10. Default: 10 to who asks for more; for others the gateway's own `maxAttempts` holds. */
  readonly maxAttempts?: number;
  /** ms, a whole number from 1. Default: 24 hours to who asks for more; others have no deadline. */
  readonly timeoutMs?: number;
}

const MOST_ATTEMPTS = 10;
const MOST_MS = 86_400_000;
/** Longer than any number that means something. */
const COUNT = /^[0-9]{1,15}$/;

const headerOf = (headers: IncomingHeaders, name: string): string | undefined => {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const value = Object.hasOwn(headers, name) ? (headers as Readonly<Record<string, unknown>>)[name] : undefined;
  // Given twice is wrong, and joined it is no number.
  return Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : undefined;
};

const isWithin = (value: number | undefined, most: number): boolean =>
  value === undefined || (Number.isInteger(value) && value >= 1 && value <= most);

/** @throws ConfigurationError for limits that would limit nothing, or let nothing through */
const checkLimits = ({ maxAttempts, timeoutMs }: BudgetLimits): void => {
  const issues: InputIssue[] = [];
  if (!isWithin(maxAttempts, MOST_ATTEMPTS))
    issues.push({ field: 'maxAttempts', message: `must be a whole number from 1 to ${MOST_ATTEMPTS}.` });
  if (!isWithin(timeoutMs, MOST_MS))
    issues.push({ field: 'timeoutMs', message: `must be a whole number of ms from 1 to ${MOST_MS}.` });
  if (issues.length > 0) throw new ConfigurationError('budgetOf', issues);
};

const countOf = (
  headers: IncomingHeaders,
  name: string,
  limit: number | undefined,
  most: number,
  issues: InputIssue[],
): number | undefined => {
  const text = headerOf(headers, name)?.trim();
  if (text === undefined) return limit;
  const count = COUNT.test(text) ? Number(text) : 0;
  if (count >= 1) return Math.min(count, limit ?? most);
  issues.push({
    field: name,
    message: 'must be one whole number from 1.',
    remedy: 'Leave the header out for no limit.',
  });
  return undefined;
};

/**
 * What a call may use: what the headers of its request say, and no more than the limits, which also hold for a caller that
 * says nothing. A trace that is not well-formed is dropped, as W3C Trace Context asks for.
 * @throws ConfigurationError for limits out of their range
 * @throws InvalidRequestError for attempts and times that are no numbers from 1: to ignore them would multiply attempts
 */
export const budgetOf = (headers: IncomingHeaders, limits: BudgetLimits = {}): CallBudget => {
  checkLimits(limits);
  const issues: InputIssue[] = [];
  const maxAttempts = countOf(headers, BUDGET_HEADERS.maxAttempts, limits.maxAttempts, MOST_ATTEMPTS, issues);
  const timeoutMs = countOf(headers, BUDGET_HEADERS.timeoutMs, limits.timeoutMs, MOST_MS, issues);
  if (issues.length > 0) throw new InvalidRequestError(issues);
  const traceparent = headerOf(headers, 'traceparent');
  const tracestate = headerOf(headers, 'tracestate');
  return {
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(traceparent === undefined || !isTraceparent(traceparent)
      ? {}
      : { trace: { traceparent, ...(tracestate !== undefined && isTracestate(tracestate) ? { tracestate } : {}) } }),
  };
};

/** Upstream attempts that a call made, those of nested gateways included. */
export const attemptsUsed = (receipt: Receipt | undefined): number =>
  receipt?.attempts.reduce((sum, { nestedAttempts }) => sum + (nestedAttempts ?? 1), 0) ?? 0;

/** How a call ended, as a server knows it: the receipt of a whole answer, or the error. */
export interface EndedCall {
  readonly receipt?: Receipt | undefined;
  readonly error?: unknown;
}

/**
 * What an event stream has in place of the header `headrace-attempts-used`, which was gone before anybody knew: a comment, with the
 * blank line behind it. To be written before the last frame, `[DONE]` or that of the error: readers stop there.
 * Whoever does not know it passes over it (WHATWG HTML, 9.2.5).
 */
export const attemptsComment = ({ receipt, error }: EndedCall): string => {
  const used = attemptsUsed(receipt ?? (GatewayError.is(error) ? error.receipt : undefined));
  return `: ${BUDGET_HEADERS.attemptsUsed}: ${used}\n\n`;
};

/** A client that sees a longer wait may ask again at once, or sleep for all of it. */
const LONGEST_RETRY_WAIT_MS = 60_000;
const UNKNOWN_WAIT_MS = 1_000;

/** The wait that an error knows of, in ms: whole, at most a day. Money that is spent does not come back by waiting. */
const knownWaitOf = ({ failureClass, retryAfterMs }: GatewayError): number | undefined =>
  failureClass === 'quota' || retryAfterMs === undefined || !(retryAfterMs >= 0)
    ? undefined
    : Math.min(Math.ceil(retryAfterMs), MOST_MS);

const passesByItself = ({ failureClass }: GatewayError): boolean =>
  failureClass === 'rate' || failureClass === 'capacity';

/**
 * Headers for the answer to a call that is over, so not for a stream that is only beginning: see `attemptsComment`. After a failure
 * `x-should-retry` says whether the caller is to ask again. A caller that counts attempts, which it tells in the headers of
 * its request, is told whether the failure may pass; any other is told no, where this gateway has done the retrying, unless it is known
 * when to come back. Nobody is told to come back after more than 60 s, or for money that is spent.
 * `retry-after-ms` and `retry-after` are the wait in ms and in seconds, rounded up, at most a day: `error.retryAfterMs`, or
 * 1 s for the classes `rate` and `capacity` where that is not known. Errors of class `quota` have none.
 */
export const answerHeaders = (
  { receipt, error }: EndedCall,
  request: IncomingHeaders = {},
): Readonly<Record<string, string>> => {
  const failure = GatewayError.is(error) ? error : undefined;
  const used = attemptsUsed(receipt ?? failure?.receipt);
  const headers: Record<string, string> = { [BUDGET_HEADERS.attemptsUsed]: String(used) };
  if (error === undefined) return headers;
  headers['x-should-retry'] = 'false';
  if (failure === undefined) return headers;
  const knownMs = knownWaitOf(failure);
  const isOurs = used === 0 || headerOf(request, BUDGET_HEADERS.maxAttempts) !== undefined || knownMs !== undefined;
  const mayPass = failure.isRetryable && failure.failureClass !== 'quota';
  if (isOurs && mayPass && (knownMs ?? 0) <= LONGEST_RETRY_WAIT_MS) headers['x-should-retry'] = 'true';
  const waitMs = knownMs ?? (passesByItself(failure) ? UNKNOWN_WAIT_MS : undefined);
  if (waitMs === undefined) return headers;
  headers['retry-after-ms'] = String(waitMs);
  headers['retry-after'] = String(Math.ceil(waitMs / 1_000));
  return headers;
};
