import type { RandomSource } from '../contract/clock.js';
import type { Route, RouteTarget } from '../registry/routes.js';
import { drawnOrder } from './drawn-order.js';
import { fastestOrder } from './fastest-order.js';
import type { LatencyBook } from './latency-book.js';

/** The targets of a route in the order in which one call asks them. @param book absent where no route needs it */
export const routeOrder = (route: Route, random: RandomSource, book: LatencyBook | undefined): RouteTarget[] => {
  const { targets, strategy, explore } = route;
  if (strategy === 'weighted') return drawnOrder(targets, random);
  if (strategy === 'fastest' && book !== undefined) return fastestOrder(targets, book, explore, random);
  return [...targets];
};
