import type { Completion } from './completion.js';
import { toNumber } from './decimal.js';

const MAX_KEPT = 1000;

/** One answer as `GET /v1/generation` tells it. */
export interface Generation {
  readonly completion: Completion;
  readonly streamed: boolean;
  /** Epoch milliseconds; the start as long as the answer is not complete. */
  endTime: number;
}

/** The latest answers by id. */
export interface GenerationLog {
  add(completion: Completion, streamed: boolean): Generation;
  find(id: string): Generation | undefined;
}

export function createGenerationLog(): GenerationLog {
  const kept = new Map<string, Generation>();
  return {
    add(completion, streamed) {
      const generation: Generation = { completion, streamed, endTime: completion.startTime };
      kept.set(completion.id, generation);
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      return generation;
    },
    find: (id) => kept.get(id),
  };
}

/** The body of the look-up. */
export function generationBody({ completion, streamed, endTime }: Generation): object {
  const { counts, bill, startTime } = completion;
  const cost = toNumber(bill.cost);
  return {
    data: {
      id: completion.id,
      total_cost: cost,
      upstream_inference_cost: bill.isByok ? toNumber(bill.market) : 0,
      usage: cost,
      created_at: new Date(startTime).toISOString(),
      model: completion.model.id,
      is_byok: bill.isByok,
      provider_name: completion.provider,
      streamed,
      finish_reason: completion.answer.finishReason,
      latency: 0,
      generation_time: endTime - startTime,
      tokens_prompt: counts.prompt,
      tokens_completion: counts.completion,
      native_tokens_prompt: counts.prompt,
      native_tokens_completion: counts.completion,
      native_tokens_reasoning: counts.reasoning,
      native_tokens_cached: counts.cached,
      native_tokens_cache_creation: counts.cacheWritten,
      billable_web_search_calls: 0,
    },
  };
}
