import type { TokenPrices, TokenPricing } from '@headrace/core/plugin';
import { perMillion } from './decimal-price.js';
import { type Fields, fieldsOf, listOf } from './loose-json.js';

type Prices = { -readonly [K in keyof TokenPrices]: TokenPrices[K] };

const PRICE_KEYS = [
  ['input', 'input'],
  ['output', 'output'],
  ['cacheRead', 'input_cache_read'],
  ['cacheWrite', 'input_cache_write'],
  ['inputAudio', 'audio_input_token_cost'],
  ['outputAudio', 'audio_output_token_cost'],
] as const satisfies readonly (readonly [keyof TokenPrices, string])[];

interface Step {
  readonly min: number;
  readonly cost: number;
}

/** The steps of one price, ascending; what is no step is passed over. */
const stepsOf = (value: unknown): readonly Step[] =>
  listOf(value)
    .flatMap((one): Step[] => {
      const { cost, min = 0 } = fieldsOf(one);
      const price = perMillion(cost);
      return price === undefined || typeof min !== 'number' || !Number.isSafeInteger(min) ? [] : [{ min, cost: price }];
    })
    .sort((one, other) => one.min - other.min);

/** A step from 0 or 1 on is no step: every request has a token. */
const isBase = ({ min }: Step): boolean => min <= 1;

/** Prices by token, with the steps of each put together to tiers of all. Undefined when there are none. */
export const tokenPricingOf = (wire: Fields): TokenPricing | undefined => {
  const flat: Prices = {};
  const bounds = new Set<number>();
  const steps = new Map<keyof TokenPrices, readonly Step[]>();
  for (const [key, name] of PRICE_KEYS) {
    const all = stepsOf(wire[`${name}_tiers`]);
    const price = perMillion(wire[name]) ?? all.findLast(isBase)?.cost;
    if (price !== undefined) flat[key] = price;
    const above = all.filter((step) => !isBase(step));
    if (above.length > 0) steps.set(key, above);
    for (const { min } of above) bounds.add(min);
  }
  const long = longContextOf(wire['long_context']);
  if (long !== undefined) bounds.add(long.min);
  if (Object.keys(flat).length === 0) return undefined;
  const tiers = [...bounds]
    .sort((one, other) => one - other)
    .map((bound) => {
      const prices: Prices = { ...flat, ...(long !== undefined && bound >= long.min ? long.prices : {}) };
      for (const [key, list] of steps) {
        const reached = list.findLast(({ min }) => min <= bound);
        if (reached !== undefined) prices[key] = reached.cost;
      }
      return { ...prices, aboveInputTokens: bound - 1 };
    });
  return tiers.length === 0 ? flat : { ...flat, tiers };
};

/** Classes of service tell their one tier in a form of its own. */
const longContextOf = (value: unknown): { readonly min: number; readonly prices: Prices } | undefined => {
  const wire = fieldsOf(value);
  const { threshold: min } = wire;
  if (typeof min !== 'number' || !Number.isSafeInteger(min) || min <= 1) return undefined;
  const prices: Prices = {};
  for (const [key, name] of PRICE_KEYS) {
    const price = perMillion(wire[name]);
    if (price !== undefined) prices[key] = price;
  }
  return Object.keys(prices).length === 0 ? undefined : { min, prices };
};
