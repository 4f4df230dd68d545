import type { ParameterFact } from '../contract/model-info.js';
import type { GenerationParameters, ParameterName } from '../contract/parameters.js';

export type ParameterValue = NonNullable<GenerationParameters[ParameterName]>;

const rangeOf = ({ min, max, exclusiveMin, exclusiveMax }: ParameterFact): string => {
  if (min !== undefined && max !== undefined) {
    const excluded = (end: boolean | undefined): string => (end === true ? ' (excluded)' : '');
    return `between ${min}${excluded(exclusiveMin)} and ${max}${excluded(exclusiveMax)}`;
  }
  return min !== undefined ? `at least ${min}` : `at most ${max}`;
};

const badNumber = (fact: ParameterFact, value: number): string | undefined => {
  const { min, max } = fact;
  const low = min !== undefined && (fact.exclusiveMin === true ? value <= min : value < min);
  const high = max !== undefined && (fact.exclusiveMax === true ? value >= max : value > max);
  return low || high ? `is ${value}, but this model takes values ${rangeOf(fact)}.` : undefined;
};

const badList = (fact: ParameterFact, list: readonly string[]): string | undefined => {
  if (fact.maxItems !== undefined && list.length > fact.maxItems) {
    return `has ${list.length} entries, but this model takes at most ${fact.maxItems}.`;
  }
  const most = fact.maxBytesEach;
  const long = most === undefined ? undefined : list.find((entry) => Buffer.byteLength(entry) > most);
  return long === undefined
    ? undefined
    : `has an entry of ${Buffer.byteLength(long)} bytes; this model takes at most ${most}.`;
};

/** What is wrong with a value that the model takes in principle; undefined when nothing is. */
export const badValue = (fact: ParameterFact, value: ParameterValue): string | undefined => {
  if (typeof value === 'number') return badNumber(fact, value);
  if (typeof value !== 'string') return badList(fact, value);
  if (fact.values === undefined || fact.values.includes(value)) return undefined;
  return `is "${value}", but this model takes ${fact.values.map((one) => `"${one}"`).join(', ')}.`;
};
