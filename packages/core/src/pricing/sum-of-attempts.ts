import type { Cost, TokenUsage } from '../contract/usage.js';
import type { AttemptRecord } from '../pipeline/receipt.js';
import { sumOfCosts } from './sum-of-costs.js';
import { sumOfUsages } from './sum-of-usages.js';

/** What was refused with an error used nothing, as far as anybody says; so did what was not sent. */
const mayHaveUsed = ({ outcome, sent, failure }: AttemptRecord): boolean =>
  outcome === 'complete' || (sent && failure?.status === undefined);

const sum = <T extends TokenUsage | Cost>(
  attempts: readonly AttemptRecord[],
  isWhole: boolean,
  figureOf: (attempt: AttemptRecord) => T | undefined,
  add: (one: T, other: T) => T,
): T | undefined => {
  let total: T | undefined;
  let isPart = !isWhole;
  for (const attempt of attempts) {
    const figure = figureOf(attempt);
    if (figure !== undefined) total = total === undefined ? figure : add(total, figure);
    else if (mayHaveUsed(attempt)) isPart = true;
  }
  return total === undefined || !isPart || total.certainty !== 'exact' ? total : { ...total, certainty: 'at-least' };
};

/**
 * What a call used and cost in all, as far as anybody says.
 * @param isWhole false: the call ended early, and what is told of it is a lower bound
 */
export const sumOfAttempts = (
  attempts: readonly AttemptRecord[],
  isWhole: boolean,
): Pick<AttemptRecord, 'usage' | 'cost'> => {
  const [only, second] = attempts;
  // Most calls by far: what the one attempt says is all there is.
  if (only !== undefined && second === undefined && isWhole) return only;
  const usage = sum(attempts, isWhole, (attempt) => attempt.usage, sumOfUsages);
  const cost = sum(attempts, isWhole, (attempt) => attempt.cost, sumOfCosts);
  return { ...(usage && { usage }), ...(cost && { cost }) };
};
