import { parseJson } from '@headrace/core/plugin';
import { retryAfterOfField, retryAfterOfText } from './retry-hint.js';

/** A failure as upstream tells it, whatever envelope it came in. */
export interface UpstreamFailure {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly code: string | undefined;
  /** Empty when upstream said nothing. */
  readonly message: string;
  readonly param: unknown;
  readonly generationId: string | undefined;
  /** The gateway's routing record, as it came. */
  readonly record: unknown;
  /** What the answer told of its usage until then, as it came. */
  readonly usage?: unknown;
  /** From the body; headers are read elsewhere. */
  readonly retryAfterMs: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Bodies of failures are cut at 64 KiB. */
const MAX_EVENT_CHARS = 65_536;

/** Errors of errors are looked into this deep. */
const MAX_DEPTH = 4;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const statusOf = (value: unknown): number | undefined => {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599 ? status : undefined;
};

/** Errors have it under either spelling. */
const recordOf = (body: Fields): Fields | undefined =>
  fieldsOf(fieldsOf(body['providerMetadata'])?.['gateway']) ??
  fieldsOf(fieldsOf(body['provider_metadata'])?.['gateway']);

const generationIdOf = (body: Fields): string | undefined => {
  const own = textOf(body['id']);
  const id =
    textOf(body['generationId']) ??
    textOf(recordOf(body)?.['generationId']) ??
    (own?.startsWith('gen_') === true ? own : undefined);
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined;
};

/** Where errors keep the error they wrap. */
const INNER = ['error', 'value', 'cause', 'data', 'lastError'] as const;

const listed = (fields: Fields | undefined): Fields[] => (fields === undefined ? [] : [fields]);

/** The error and what it wraps, outermost first: in-band errors carry upstream's own under `value` or `cause`. */
const chainOf = (error: Fields): Fields[] => {
  const chain: Fields[] = [];
  let layer: Fields[] = [error];
  for (let depth = 0; depth < MAX_DEPTH && layer.length > 0; depth += 1) {
    chain.push(...layer);
    layer = layer.flatMap((one) => INNER.flatMap((key) => listed(fieldsOf(one[key]))));
  }
  return chain;
};

/** Names that say only that something failed. */
const EMPTY_TYPES: ReadonlySet<string> = new Set(['error', 'Error', 'AI_TypeValidationError', 'AI_APICallError']);

const firstOf = <T>(chain: readonly Fields[], read: (fields: Fields) => T | undefined): T | undefined => {
  for (const fields of chain) {
    const found = read(fields);
    if (found !== undefined) return found;
  }
  return undefined;
};

const meaningful = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : textOf(value);
  return text === undefined || EMPTY_TYPES.has(text) ? undefined : text;
};

/** Reads an error object: from an HTTP body or from a frame of a stream. */
export const failureOfError = (error: unknown, status: number | undefined, body: Fields = {}): UpstreamFailure => {
  if (typeof error === 'string')
    return {
      status,
      type: undefined,
      code: undefined,
      // The account routes put a sentence beside the short text.
      message: textOf(body['message']) === undefined ? error : `${error}. ${String(body['message'])}`,
      param: undefined,
      generationId: generationIdOf(body),
      record: recordOf(body),
      usage: body['usage'],
      retryAfterMs: retryAfterOfText(error),
    };
  const fields = fieldsOf(error) ?? {};
  const chain = chainOf(fields);
  const message = firstOf(chain, (one) => textOf(one['message'])) ?? '';
  const messages = chain.map((one) => textOf(one['message'])).filter((one) => one !== undefined);
  const hints = [...chain, body, ...chain.flatMap((one) => listed(fieldsOf(one['param'])))];
  return {
    status:
      status ??
      firstOf(chain, (one) => statusOf(one['statusCode']) ?? statusOf(one['status']) ?? statusOf(one['code'])),
    type: firstOf(chain, (one) => meaningful(one['type'])),
    code: firstOf(chain, (one) => meaningful(one['code'])),
    // The innermost message is upstream's own; the outer ones may only say that there is one.
    message: status === undefined && messages.length > 1 ? (messages.at(-1) ?? message) : message,
    param: firstOf(chain, (one) => one['param'] ?? undefined),
    generationId: generationIdOf(body) ?? firstOf(chain, generationIdOf),
    record: recordOf(body) ?? firstOf(chain, recordOf),
    usage: body['usage'],
    retryAfterMs:
      firstOf(hints, (one) => retryAfterOfField(one['retry_after'] ?? one['retryAfter'])) ??
      firstOf(chain, (one) => retryAfterOfText(textOf(one['message']) ?? '')),
  };
};

/** A failure of which nothing is known but its status and these words. */
export const failureOfWords = (status: number, message: string): UpstreamFailure => ({
  status,
  type: undefined,
  code: undefined,
  message,
  param: undefined,
  generationId: undefined,
  record: undefined,
  retryAfterMs: undefined,
});

/** Some send the error of a plain call as an event of a stream. */
const EVENT = /^(?:event:[^\n]*\n)?data:[ ]?(\{.*\})\s*$/m;

const parse = (text: string): unknown => {
  try {
    return parseJson(EVENT.exec(text.slice(0, MAX_EVENT_CHARS))?.[1] ?? text);
  } catch {
    return undefined;
  }
};

/**
 * Reads the body of an HTTP answer that is an error: `{error: {…}}`, `{error: "…"}`, `{message}`, each also as an event
 * of a stream; under status 429 any object.
 * @returns undefined when the body is none of these: empty, HTML, or JSON that tells no error.
 */
export const failureOfBody = (status: number, text: string): UpstreamFailure | undefined => {
  const body = fieldsOf(parse(text));
  if (body === undefined) return undefined;
  const error = body['error'];
  if (typeof error === 'string' || fieldsOf(error) !== undefined) return failureOfError(error, status, body);
  // A rate limit needs no words; what matters is how long to wait.
  if (textOf(body['message']) === undefined && status !== 429) return undefined;
  return failureOfError({ ...body }, status, body);
};
