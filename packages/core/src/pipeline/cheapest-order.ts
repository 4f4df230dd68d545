/** What a ranking by price needs to know of a target. */
interface Priced {
  readonly cost: { readonly expectedUsd?: number };
}

const priceOf = ({ cost }: Priced): number => cost.expectedUsd ?? Number.POSITIVE_INFINITY;

/** The cheapest for this request first, those without a known price last; what is alike keeps the order given. */
export const cheapestOrder = <T extends Priced>(targets: readonly T[]): T[] => {
  const prices = new Map(targets.map((target) => [target, priceOf(target)]));
  const of = (target: T): number => prices.get(target) ?? Number.POSITIVE_INFINITY;
  // Infinity less Infinity is no number.
  return [...targets].sort((a, b) => (of(a) === of(b) ? 0 : of(a) - of(b)));
};
