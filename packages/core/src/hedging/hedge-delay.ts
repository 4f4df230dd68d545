import type { LatencyBook } from '../pipeline/latency-book.js';
import type { HedgeSettings } from './hedge-options.js';

/** Fewer do not tell what one in twenty is. */
const LEAST_SAMPLES = 20;

/**
 * How long a target is waited for before another attempt is made beside it, in ms: the quantile of what it took before,
 * within the bounds; undefined for ever.
 * @param target `provider:model`; undefined for a model that is yet to be looked up
 */
export const hedgeDelay = (
  { quantile, minDelayMs, maxDelayMs, initialDelayMs }: HedgeSettings,
  book: LatencyBook,
  target: string | undefined,
): number | undefined => {
  const learned =
    target !== undefined && book.samples(target) >= LEAST_SAMPLES ? book.quantile(target, quantile) : undefined;
  return learned === undefined ? initialDelayMs : Math.min(Math.max(learned, minDelayMs), maxDelayMs);
};
