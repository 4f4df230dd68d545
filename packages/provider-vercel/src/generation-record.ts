import { type Clock, GatewayError, TimeoutError } from '@headrace/core/plugin';
import { checkGenerationId, type Generation, parseGeneration } from './account-records.js';
import { sleep } from './sleep.js';

export interface GenerationOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the record to appear, in ms. Default 60,000. */
  readonly waitMs?: number;
}

const WAIT_MS = 60_000;
const LONGEST_PAUSE_MS = 8_000;

/**
 * The record of one answer. Records appear some seconds after the answer, so this asks again, at growing distances.
 * @param get asks the gateway.
 * @throws TimeoutError when no record appeared; InvalidRequestError for what is no id; what `get` throws.
 */
export const generationRecord = async (
  id: string,
  { signal, waitMs = WAIT_MS }: GenerationOptions,
  clock: Clock,
  get: (path: string) => Promise<unknown>,
): Promise<Generation> => {
  checkGenerationId(id);
  const giveUpAt = clock.now() + waitMs;
  for (let pauseMs = 1_000; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return parseGeneration(await get(`/v1/generation?id=${id}`));
    } catch (error) {
      // A 404 without a type of its own: there is no such record, or not yet.
      if (!GatewayError.is(error) || error.code !== 'model-not-found') throw error;
      const leftMs = giveUpAt - clock.now();
      if (leftMs <= 0)
        throw new TimeoutError(
          'total',
          waitMs,
          `Vercel AI Gateway has no record of ${id} after ${waitMs} ms: it comes later, or the id belongs to another team.`,
        );
      await sleep(clock, Math.min(pauseMs, leftMs), signal);
    }
  }
};
