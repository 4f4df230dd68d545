import type { AttemptRecord, BegunCall, Receipt, TokenUsage } from '@headrace/core';
import type { Attributes } from '@opentelemetry/api';

/** `gen_ai.operation.name`: the well-known value where there is one. Reranking has none. */
const OPERATIONS: Readonly<Record<BegunCall['kind'], string>> = {
  completion: 'chat',
  embedding: 'embeddings',
  reranking: 'rerank',
  image: 'generate_content',
};

/** As the conventions spell finish reasons. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  'tool-calls': 'tool_call',
  'content-filter': 'content_filter',
};

export const operationOf = ({ kind }: Pick<BegunCall, 'kind'>): string => OPERATIONS[kind];

/** Provider and model as the reference has them; a route or a bare model is a model without a provider. */
export const askedAttributes = (call: BegunCall): Attributes => {
  const colon = call.reference.indexOf(':');
  const model = call.reference.slice(colon + 1);
  return {
    'gen_ai.operation.name': operationOf(call),
    ...(colon < 1 ? {} : { 'gen_ai.provider.name': call.reference.slice(0, colon) }),
    'gen_ai.request.model': model,
    ...(call.delivery === 'stream' ? { 'gen_ai.request.stream': true } : {}),
    'headrace.call.id': call.id,
  };
};

/** Who served, or who was asked last. */
export const lastTarget = ({ servedBy, attempts }: Receipt): Pick<AttemptRecord, 'provider' | 'model'> | undefined =>
  servedBy ?? attempts.at(-1);

export const targetAttributes = (target: Pick<AttemptRecord, 'provider' | 'model'>): Attributes => ({
  'gen_ai.provider.name': target.provider,
  'gen_ai.request.model': target.model,
});

/** `server.address` and `server.port`, where the provider says where it connects. */
const serverAttributes = (attempt: Pick<AttemptRecord, 'origin'> | undefined): Attributes => {
  const origin = attempt?.origin;
  if (origin === undefined || !URL.canParse(origin)) return {};
  const { protocol, hostname, port } = new URL(origin);
  // An address of IPv6 stands in brackets in a URL alone.
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return { 'server.address': address, 'server.port': port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) };
};

/** Reported tokens only: an estimate under these names would be taken for a report. */
const usageAttributes = (usage: TokenUsage | undefined): Attributes => {
  if (usage === undefined || usage.certainty === 'estimated') return {};
  const { input, output } = usage;
  return {
    'gen_ai.usage.input_tokens': input.total,
    'gen_ai.usage.output_tokens': output.total,
    'gen_ai.usage.cache_read.input_tokens': input.cacheRead,
    'gen_ai.usage.cache_creation.input_tokens': input.cacheWrite,
    'gen_ai.usage.reasoning.output_tokens': output.reasoning,
    ...(input.audio === undefined ? {} : { 'gen_ai.usage.audio.input_tokens': input.audio }),
    ...(output.audio === undefined ? {} : { 'gen_ai.usage.audio.output_tokens': output.audio }),
  };
};

/** The attempt whose answer the caller got. */
const servingAttempt = ({ attempts, servedBy }: Receipt): AttemptRecord | undefined =>
  servedBy === undefined
    ? undefined
    : attempts.findLast(({ provider, model, firstContentMs }) => {
        return firstContentMs !== undefined && provider === servedBy.provider && model === servedBy.model;
      });

/** The server that served, or was asked last. */
export const serverOf = (receipt: Receipt): Attributes =>
  serverAttributes(servingAttempt(receipt) ?? receipt.attempts.at(-1));

export const responseModelOf = (receipt: Receipt): string | undefined => servingAttempt(receipt)?.responseModel;

const answerAttributes = (call: BegunCall, receipt: Receipt): Attributes => {
  const { finishReason, rawFinishReason, firstContentMs, servedBy } = receipt;
  const responseModel = responseModelOf(receipt);
  const reason = finishReason === 'unknown' ? rawFinishReason : finishReason;
  return {
    ...(servedBy?.responseId === undefined ? {} : { 'gen_ai.response.id': servedBy.responseId }),
    ...(responseModel === undefined ? {} : { 'gen_ai.response.model': responseModel }),
    ...(reason === undefined ? {} : { 'gen_ai.response.finish_reasons': [FINISH_REASONS[reason] ?? reason] }),
    ...(firstContentMs === undefined || call.delivery !== 'stream'
      ? {}
      : { 'gen_ai.response.time_to_first_chunk': firstContentMs / 1_000 }),
  };
};

/** What the span of a call says at its end. Never a text of anybody: what was asked, answered or told in an error. */
export const receiptAttributes = (call: BegunCall, receipt: Receipt): Attributes => {
  const { outcome, attempts, warnings, cost, usage, failure } = receipt;
  const target = lastTarget(receipt);
  return {
    ...(target === undefined ? {} : targetAttributes(target)),
    ...serverOf(receipt),
    ...answerAttributes(call, receipt),
    ...usageAttributes(usage),
    'headrace.outcome': outcome,
    'headrace.attempts': attempts.length,
    ...(usage === undefined ? {} : { 'headrace.usage.certainty': usage.certainty }),
    ...(cost === undefined ? {} : { 'headrace.cost.usd': cost.usd, 'headrace.cost.certainty': cost.certainty }),
    ...(warnings.length === 0 ? {} : { 'headrace.warnings': [...new Set(warnings.map(({ code }) => code))] }),
    ...(failure === undefined ? {} : { 'error.type': failure.code }),
  };
};

/**
 * What the span of an attempt says. Its tokens are under our own name: under the conventions' they would count twice, in
 * the span of the call and in this one.
 */
export const attemptAttributes = (call: BegunCall, attempt: AttemptRecord): Attributes => {
  const { outcome, failure, waitedMs, usage, responseId, responseModel } = attempt;
  return {
    'gen_ai.operation.name': operationOf(call),
    ...targetAttributes(attempt),
    ...serverAttributes(attempt),
    ...(responseId === undefined ? {} : { 'gen_ai.response.id': responseId }),
    ...(responseModel === undefined ? {} : { 'gen_ai.response.model': responseModel }),
    'headrace.outcome': outcome,
    'headrace.attempt.waited_ms': waitedMs,
    ...(usage === undefined
      ? {}
      : {
          'headrace.attempt.input_tokens': usage.input.total,
          'headrace.attempt.output_tokens': usage.output.total,
          'headrace.usage.certainty': usage.certainty,
        }),
    ...(failure === undefined ? {} : { 'error.type': failure.code }),
    ...(failure?.status === undefined ? {} : { 'http.response.status_code': failure.status }),
  };
};
