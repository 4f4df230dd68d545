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

interface Named {
  readonly name: string;
}

/** Fastest first; what is alike keeps the order given. */
const bySpeed = <T extends Named>(targets: readonly T[], book: LatencyBook, now: number): T[] => {
  const order: T[] = [];
  const sizes: number[] = [];
  // Each into its place: they are few, and mostly in order, so that this costs less than to sort them.
  for (const target of targets) {
    const size = book.typicalMs(target.name, now) ?? MOST_KNOWN;
    let at = order.length;
    for (; at > 0 && (sizes[at - 1] ?? 0) > size; at -= 1) {
      order[at] = order[at - 1] as T;
      sizes[at] = sizes[at - 1] ?? 0;
    }
    order[at] = target;
    sizes[at] = size;
  }
  return order;
};

const timed = <T extends Named>(targets: readonly T[], book: LatencyBook, now: number): RankedTarget<T>[] =>
  targets.map((target) => ({ target, times: book.times(target.name, now) }));

/**
 * Targets by the median time to their first content, fastest first. Those that are not measured come behind, those that
 * failed in half of their attempts or more come last; what is alike keeps the order given.
 */
export const rank = <T extends Named>(targets: readonly T[], book: LatencyBook): RankedTarget<T>[] => {
  const now = book.clock.now();
  return timed(bySpeed(targets, book, now), book, now);
};

/** The target to be measured: a new one, else that of which least is known. */
const toMeasure = <T>(others: readonly RankedTarget<T>[]): RankedTarget<T> | undefined => {
  const fewest = Math.min(...others.map(({ times }) => times.samples));
  return others.find(({ times }) => times.isNew) ?? others.find(({ times }) => times.samples === fewest);
};

/**
 * The order in which one call asks: the ranking, but for a share of the calls, which ask first the target of which least is
 * known. Without those a target that was slow once would be slow for ever.
 * @param explore that share, 0–1; 0: never
 */
export const fastestOrder = <T extends Named>(
  targets: readonly T[],
  book: LatencyBook,
  explore: number,
  random: RandomSource,
): T[] => {
  const now = book.clock.now();
  const order = bySpeed(targets, book, now);
  if (explore === 0 || order.length < 2) return order;
  const chance = random();
  // Most calls measure nothing, whatever is known of the others.
  if (chance >= Math.max(explore, NEW_SHARE)) return order;
  const measured = toMeasure(timed(order.slice(1), book, now));
  if (measured === undefined || (!measured.times.isNew && chance >= explore)) return order;
  return [measured.target, ...order.filter((target) => target !== measured.target)];
};
