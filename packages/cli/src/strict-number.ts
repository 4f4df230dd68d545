import { UsageError } from './usage-error.js';

const DECIMAL = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;

/** A number as typed, with nothing before or after it. @throws UsageError that names the option. */
export const strictNumber = (text: string, option: string): number => {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new UsageError(`${option} takes a number, not ${JSON.stringify(text)}.`);
  return value;
};

/** The same for whole numbers. */
export const strictInteger = (text: string, option: string): number => {
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value))
    throw new UsageError(`${option} takes a whole number, not ${JSON.stringify(text)}.`);
  return value;
};
