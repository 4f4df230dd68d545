import type { Cost, Provenance } from '@headrace/core';
import { safeTerminalText } from './safe-terminal-text.js';

/** `420 ms`, `1.3 s`, `2 min 5 s`. */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** Seconds with one decimal, for a line that counts up. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** US dollars, to three significant digits below a cent. */
export const dollars = (usd: number): string => {
  if (usd === 0) return '$0';
  if (usd >= 0.01) return `$${usd.toFixed(usd >= 1 ? 2 : 4)}`;
  if (usd < 1e-9) return 'under $0.000000001';
  const decimals = Math.min(12, 2 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(decimals).replace(/0+$/, '')}`;
};

const CERTAINTY: Record<Cost['certainty'], string> = { exact: '', 'at-least': 'at least ', estimated: 'about ' };

/** Whose price it is: `list price of 2026-11-23`. */
export const priceText = ({ origin, asOf }: Provenance): string =>
  origin === 'host' ? 'the price in the configuration' : `list price of ${safeTerminalText(asOf)}`;

/** A cost with how sure it is, and of which day a list price is. */
export const costText = (cost: Cost): string => {
  const { priceProvenance } = cost;
  const listed =
    cost.source === 'catalogue'
      ? ` by ${priceProvenance === undefined ? 'list price' : priceText(priceProvenance)}`
      : '';
  return `${CERTAINTY[cost.certainty]}${dollars(cost.usd)}${listed}`;
};

/** Tokens in short: `400k`, `1.05M`. */
export const tokens = (count: number): string => {
  if (count < 1_000) return String(count);
  const [value, unit] = count < 999_500 ? [count / 1_000, 'k'] : [count / 1_000_000, 'M'];
  const short = value >= 100 || unit === 'k' ? value.toFixed(0) : value.toFixed(2).replace(/\.?0+$/, '');
  return `${short}${unit}`;
};

/** A price in dollars without the sign: two decimals, more only where two would change it; four digits are enough. */
export const price = (usd: number): string => {
  const two = usd.toFixed(2);
  if (Number(two) === usd || usd >= 1_000) return two;
  const decimals = Math.min(20, Math.max(2, 3 - Math.floor(Math.log10(usd))));
  return usd.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/, '$1');
};

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
