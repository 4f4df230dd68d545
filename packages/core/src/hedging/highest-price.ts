import type { Clock } from '../contract/clock.js';
import { estimateCost } from '../estimate/estimate-cost.js';
import { estimateTokens } from '../estimate/estimate-tokens.js';
import type { PriceOf } from './hedger.js';

/** By list price, for the longest answer that request and model allow. */
export const highestPrice =
  (clock: Clock): PriceOf =>
  (request, target) =>
    target?.info === undefined
      ? undefined
      : estimateCost(target.info, estimateTokens(request, target.info), clock.epochMs()).atMostUsd;
