import type { RandomSource } from '../contract/clock.js';

/**
 * An order drawn by weight: each place goes to one of those that are left, as likely as its weight is heavy beside theirs.
 * @param targets weights above 0
 */
export const drawnOrder = <T extends { readonly weight: number }>(targets: readonly T[], random: RandomSource): T[] => {
  const left = [...targets];
  const order: T[] = [];
  while (left.length > 0) {
    let point = random() * left.reduce((total, { weight }) => total + weight, 0);
    const drawn = left.findIndex(({ weight }) => {
      point -= weight;
      return point < 0;
    });
    // Sums round: the last point may lie behind the last weight.
    order.push(...left.splice(drawn === -1 ? left.length - 1 : drawn, 1));
  }
  return order;
};
