import type { Certainty } from '../contract/usage.js';

/** Less sure is told first. */
const CERTAINTIES: readonly Certainty[] = ['at-least', 'estimated', 'exact'];

/** How sure a sum is of two figures that are this sure. */
export const leastSure = (one: Certainty, other: Certainty): Certainty =>
  CERTAINTIES.find((name) => name === one || name === other) ?? 'at-least';
