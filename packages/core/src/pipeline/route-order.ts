import type { RandomSource } from '../contract/clock.js';
import type { Route } from '../registry/routes.js';
import type { Candidate } from './candidate.js';
import { cheapestOrder } from './cheapest-order.js';
import { drawnOrder } from './drawn-order.js';
import { fastestOrder } from './fastest-order.js';
import type { LatencyBook } from './latency-book.js';

/**
 * The targets of a route in the order in which one call asks them.
 * @param candidates in the order of the host
 * @param book absent where no route needs it
 */
export const routeOrder = (
  { strategy, explore }: Route,
  candidates: readonly Candidate[],
  random: RandomSource,
  book: LatencyBook | undefined,
): Candidate[] => {
  if (strategy === 'weighted') return drawnOrder(candidates, random);
  if (strategy === 'cheapest') return cheapestOrder(candidates);
  if (strategy === 'fastest' && book !== undefined) return fastestOrder(candidates, book, explore, random);
  return [...candidates];
};
