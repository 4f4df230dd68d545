import type { Clock } from '../contract/clock.js';
import { estimateCost } from '../estimate/estimate-cost.js';
import { estimateTokens } from '../estimate/estimate-tokens.js';
import type { PriceOf } from './hedger.js';

/** By list price, for the guess at the length of the answer. */
export const expectedPrice =
  (clock: Clock): PriceOf =>
  (request, target) =>
    target?.info === undefined
      ? undefined
      : estimateCost(target.info, estimateTokens(request, target.info), clock.epochMs()).expectedUsd;
