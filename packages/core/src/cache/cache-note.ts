import type { ResponseEndEvent } from '../contract/stream-event.js';
import type { Cost, TokenUsage } from '../contract/usage.js';
import type { Receipt } from '../pipeline/receipt.js';
import type { Writable } from '../schema/writable.js';

/** What the cache had to do with a call. */
export interface CacheRecord {
  /**
   * `miss`: the upstream was asked for this call, or for one that left and whose bill this one took over. `hit`: the answer
   * was kept. `shared`: another call was getting it already, and pays for it.
   */
  readonly status: 'hit' | 'miss' | 'shared';
  /** Age of an answer that was kept, in ms. */
  readonly ageMs?: number;
  /** What the answer took when it was made. Not spent by this call. Absent for a `miss`, and where nobody said. */
  readonly usage?: TokenUsage;
  readonly cost?: Cost;
}

/** What is noted of it while the call runs. */
export interface CacheNote extends Pick<CacheRecord, 'status' | 'ageMs' | 'cost'> {
  readonly servedBy?: { readonly provider: string; readonly model: string } | undefined;
}

const NOTHING: Cost = { usd: 0, usdText: '0', certainty: 'exact', source: 'cache' };

/** Puts into a receipt what the cache had to do with the call: what it did not spend is not among what it spent. */
export const noteCache = (
  receipt: Writable<Receipt>,
  note: CacheNote,
  end: ResponseEndEvent | undefined,
  responseId: string | undefined,
): void => {
  const { status, ageMs, cost, servedBy } = note;
  if (servedBy !== undefined) receipt.servedBy = responseId === undefined ? servedBy : { ...servedBy, responseId };
  if (status === 'miss') {
    receipt.cache = { status };
    return;
  }
  const cache: Writable<CacheRecord> = { status };
  if (ageMs !== undefined) cache.ageMs = ageMs;
  if (end?.usage !== undefined && receipt.recovery === undefined) cache.usage = end.usage;
  if (end !== undefined && cost !== undefined) cache.cost = cost;
  receipt.cache = cache;
  delete receipt.usage;
  delete receipt.units;
  receipt.cost = NOTHING;
};
