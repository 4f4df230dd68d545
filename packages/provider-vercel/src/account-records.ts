import { InvalidRequestError } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import { parsedRecord, present } from './parsed-record.js';

/** What is left to spend. Decimal texts in US dollars, exactly as the gateway gives them. */
export interface Credits {
  readonly balance: string;
  readonly totalUsed: string;
}

/** The gateway's record of one answer. */
export interface Generation {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly model: string;
  /** Slug of the upstream that served. */
  readonly providerName: string;
  readonly finishReason?: string;
  /** US dollars. */
  readonly totalCost: number;
  /** US dollars; not zero only with a key of your own at the upstream. */
  readonly upstreamInferenceCost?: number;
  readonly isByok?: boolean;
  readonly streamed?: boolean;
  /** ms to the first token. */
  readonly latencyMs?: number;
  /** ms in all. */
  readonly generationTimeMs?: number;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly reasoningTokens?: number;
  readonly cachedTokens?: number;
  readonly cacheCreationTokens?: number;
  readonly webSearchCalls?: number;
}

const decimal = z.union([z.string(), z.number().transform(String)]);
const creditsSchema = z.object({ balance: decimal, total_used: decimal });

const count = z.number().nullish();
const generationSchema = z.object({
  data: z.object({
    id: z.string(),
    created_at: z.string(),
    model: z.string(),
    provider_name: z.string(),
    finish_reason: z.string().nullish(),
    total_cost: z.number(),
    upstream_inference_cost: count,
    is_byok: z.boolean().nullish(),
    streamed: z.boolean().nullish(),
    latency: count,
    generation_time: count,
    tokens_prompt: count,
    tokens_completion: count,
    native_tokens_prompt: count,
    native_tokens_completion: count,
    native_tokens_reasoning: count,
    native_tokens_cached: count,
    native_tokens_cache_creation: count,
    billable_web_search_calls: count,
  }),
});

/** @throws MalformedResponseError */
export const parseCredits = (json: unknown): Credits => {
  const { balance, total_used: totalUsed } = parsedRecord(creditsSchema, json, 'record of credits');
  return { balance, totalUsed };
};

/** @throws MalformedResponseError */
export const parseGeneration = (json: unknown): Generation => {
  const { data } = parsedRecord(generationSchema, json, 'record of a generation');
  const optional = present({
    finishReason: data.finish_reason,
    upstreamInferenceCost: data.upstream_inference_cost,
    isByok: data.is_byok,
    streamed: data.streamed,
    latencyMs: data.latency,
    generationTimeMs: data.generation_time,
    promptTokens: data.native_tokens_prompt ?? data.tokens_prompt,
    completionTokens: data.native_tokens_completion ?? data.tokens_completion,
    reasoningTokens: data.native_tokens_reasoning,
    cachedTokens: data.native_tokens_cached,
    cacheCreationTokens: data.native_tokens_cache_creation,
    webSearchCalls: data.billable_web_search_calls,
  });
  return {
    id: data.id,
    createdAt: data.created_at,
    model: data.model,
    providerName: data.provider_name,
    totalCost: data.total_cost,
    ...optional,
  };
};

/** @throws InvalidRequestError when the text cannot be the id of a generation. */
export const checkGenerationId = (id: string): void => {
  if (!/^gen_\w{1,64}$/.test(id))
    throw new InvalidRequestError([
      {
        field: 'id',
        message: 'is not the id of a generation.',
        remedy:
          'It begins with "gen_" and stands in the answer as responseId, else under generationId in providerMetadata.',
      },
    ]);
};
