import type { ModelInfo } from '../contract/model-info.js';
import type { InputIssue } from '../errors/caller-errors.js';

const wordsFor = ({ values, min, max }: NonNullable<ModelInfo['dimensions']>): string => {
  if (values !== undefined) return values.length === 1 ? `${values[0]} only` : `one of ${values.join(', ')}`;
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `between ${min} and ${max}`;
};

/** What is wrong with asking this model for vectors of that many numbers, if anything. Unknown is never a no. */
export const dimensionIssue = (asked: number | undefined, { id, dimensions }: ModelInfo): InputIssue | undefined => {
  if (asked === undefined || dimensions === undefined) return undefined;
  const { values, min, max } = dimensions;
  const isTaken = values === undefined ? asked >= (min ?? 1) && asked <= (max ?? asked) : values.includes(asked);
  if (isTaken) return undefined;
  return { field: 'dimensions', message: `is ${asked}; ${id} takes ${wordsFor(dimensions)}.` };
};
