import { toNumber } from './decimal.js';
import type { Generated } from './generated.js';

const MAX_KEPT = 1000;

/** One answer as `GET /v1/generation` tells it. */
export interface Generation {
  readonly generated: Generated;
  readonly streamed: boolean;
  /** Epoch milliseconds; the start as long as the answer is not complete. */
  endTime: number;
}

/** The latest answers by id. */
export interface GenerationLog {
  add(generated: Generated, streamed: boolean): Generation;
  find(id: string): Generation | undefined;
}

export function createGenerationLog(): GenerationLog {
  const kept = new Map<string, Generation>();
  return {
    add(generated, streamed) {
      const generation: Generation = { generated, streamed, endTime: generated.startTime };
      kept.set(generated.id, generation);
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
export function generationBody({ generated, streamed, endTime }: Generation): object {
  const { counts, bill, startTime } = generated;
  const cost = toNumber(bill.cost);
  return {
    data: {
      id: generated.id,
      total_cost: cost,
      upstream_inference_cost: bill.isByok ? toNumber(bill.market) : 0,
      usage: cost,
      created_at: new Date(startTime).toISOString(),
      model: generated.model.id,
      is_byok: bill.isByok,
      provider_name: generated.provider,
      streamed,
      finish_reason: generated.finishReason,
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
