import type { Pricing } from '@headrace/core';
import { price } from './figures.js';

/** One price, or from the lowest to the highest. */
const range = (prices: readonly number[]): string | undefined => {
  if (prices.length === 0) return undefined;
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  return low === high ? price(low) : `${price(low)}–${price(high)}`;
};

const costs = (list: readonly { readonly cost: number }[] = []): readonly number[] => list.map(({ cost }) => cost);
const listed = (one: number | undefined): readonly number[] => (one === undefined ? [] : [one]);

/** What is not billed by token of input and output, in short: `0.04/image`, `0.05–0.15/s`. Empty when there is nothing. */
export const piecePrices = (pricing: Pricing): string => {
  const kinds: readonly (readonly [prices: readonly number[], unit: string])[] = [
    [[...listed(pricing.perImage), ...costs(pricing.images)], 'image'],
    [listed(pricing.perThousandSearchUnits), 'k searches'],
    [costs(pricing.perVideoSecond), 's of video'],
    [
      (pricing.videoTokens ?? []).flatMap(({ cost, costWithVideoInput }) => [cost, ...listed(costWithVideoInput)]),
      'M video tokens',
    ],
    [listed(pricing.perMillionCharacters), 'M characters'],
    [listed(pricing.perSecond), 's'],
    [listed(pricing.perMessage), 'message'],
    [listed(pricing.inputAudio), 'M audio in'],
    [listed(pricing.outputAudio), 'M audio out'],
  ];
  return kinds
    .flatMap(([prices, unit]) => {
      const text = range(prices);
      return text === undefined ? [] : [`${text}/${unit}`];
    })
    .join(', ');
};
