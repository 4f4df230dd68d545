import type { RandomSource } from '../contract/clock.js';
import type { BreakerOptions } from './gate-options.js';

/** Added by chance, so that gateways that lost an upstream together do not come back together. */
const MOST_JITTER = 0.25;

/**
 * How long a circuit stays open in ms when it opens for the `opens`-th time (from 1) without having closed: doubling up
 * to the ceiling, and up to a quarter of that on top.
 */
export const openForMs = ({ openMs, maxOpenMs }: BreakerOptions, opens: number, random: RandomSource): number =>
  Math.min(maxOpenMs, openMs * 2 ** (opens - 1)) * (1 + random() * MOST_JITTER);
