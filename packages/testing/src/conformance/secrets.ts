import { inspect } from 'node:util';

const asJson = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
};

/** Everything that a log could print of a value: hidden fields, causes and stacks included. */
export const everythingPrintable = (value: unknown): string =>
  [
    inspect(value, { depth: 6, showHidden: true, maxStringLength: Infinity, maxArrayLength: 1000 }),
    String(value),
    asJson(value),
  ].join('\n');
