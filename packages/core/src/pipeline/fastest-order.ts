import type { RandomSource } from '../contract/clock.js';
import type { LatencyBook, TargetTimes } from './latency-book.js';

/** A target in its place, and what put it there. */
export interface RankedTarget<T> {
  readonly target: T;
  readonly times: TargetTimes;
}

/** While a target is new, one call in four asks it: until its first result. */
const NEW_SHARE = 0.25;

/** Not measured is behind what is, and before what mostly fails. */
const MOST_KNOWN = Number.MAX_VALUE;

const sizeOf = ({ times: { typicalMs } }: RankedTarget<unknown>): number => typicalMs ?? MOST_KNOWN;

/**
 * Targets by the median time to their first content, fastest first. Those that are not measured come behind, those that
 * failed in half of their attempts or more come last; what is alike keeps the order given.
 */
export const rank = <T extends { readonly name: string }>(
  targets: readonly T[],
  book: LatencyBook,
): RankedTarget<T>[] => {
  const now = book.clock.now();
  const ranked: RankedTarget<T>[] = [];
  // Each into its place: they are few, and mostly in order, so that this costs less than to sort them.
  for (const target of targets) {
    const one = { target, times: book.times(target.name, now) };
    let at = ranked.length;
    for (let before = ranked[at - 1]; before !== undefined && sizeOf(before) > sizeOf(one); before = ranked[at - 1]) {
      ranked[at] = before;
      at -= 1;
    }
    ranked[at] = one;
  }
  return ranked;
};

/** The target to be measured: a new one, else that of which least is known; never the first. */
const toMeasure = <T>(ranked: readonly RankedTarget<T>[]): RankedTarget<T> | undefined => {
  const others = ranked.slice(1);
  const fewest = Math.min(...others.map(({ times }) => times.samples));
  return others.find(({ times }) => times.isNew) ?? others.find(({ times }) => times.samples === fewest);
};

/**
 * The order in which one call asks: the ranking, but for a share of the calls, which ask first the target of which least is
 * known. Without those a target that was slow once would be slow for ever.
 * @param explore that share, 0–1; 0: never
 */
export const fastestOrder = <T extends { readonly name: string }>(
  targets: readonly T[],
  book: LatencyBook,
  explore: number,
  random: RandomSource,
): T[] => {
  const ranked = rank(targets, book);
  const measured = explore === 0 ? undefined : toMeasure(ranked);
  const order = ranked.map(({ target }) => target);
  if (measured === undefined) return order;
  const share = measured.times.isNew ? Math.max(explore, NEW_SHARE) : explore;
  if (random() >= share) return order;
  return [measured.target, ...order.filter((target) => target !== measured.target)];
};
