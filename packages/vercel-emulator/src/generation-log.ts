import { toNumber } from './decimal.js';
import type { Generated } from './generated.js';

const MAX_KEPT = 1000;

/** Of an answer all but the answer itself, which may be large. */
type Described = Pick<Generated, 'id' | 'startTime' | 'model' | 'provider' | 'finishReason' | 'counts' | 'bill'>;

/** One answer as `GET /v1/generation` tells it. */
export interface Generation extends Described {
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
      const { id, startTime, model, provider, finishReason, counts, bill } = generated;
      const described: Described = { id, startTime, model, provider, finishReason, counts, bill };
      const generation: Generation = { ...described, streamed, endTime: startTime };
      kept.set(id, generation);
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
export function generationBody(generation: Generation): object {
  const { counts, bill, startTime, endTime } = generation;
  const cost = toNumber(bill.cost);
  return {
    data: {
      id: generation.id,
      total_cost: cost,
      upstream_inference_cost: bill.isByok ? toNumber(bill.market) : 0,
      usage: cost,
      created_at: new Date(startTime).toISOString(),
      model: generation.model.id,
      is_byok: bill.isByok,
      provider_name: generation.provider,
      streamed: generation.streamed,
      finish_reason: generation.finishReason,
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
