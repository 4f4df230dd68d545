import type { ImagePrice, Pricing } from '../contract/pricing.js';
import type { BillableUnits, ImageTrait, TokenUsage } from '../contract/usage.js';
import { type Decimal, decimalOf, sumOfDecimals } from './decimal.js';

const TRAITS: readonly ImageTrait[] = ['size', 'quality', 'style', 'operation'];
const THOUSAND_PLACES = 3;

const hasImagePrice = ({ perImage, images }: Pricing): boolean => perImage !== undefined || images !== undefined;

/** Whether anything but tokens is billed by this list. */
export const billsUnits = (pricing: Pricing): boolean =>
  hasImagePrice(pricing) || pricing.perThousandSearchUnits !== undefined;

/** Whether anything is billed by token. */
export const billsTokens = ({
  input,
  output,
  cacheRead,
  cacheWrite,
  cacheWrite1h,
  inputAudio,
  outputAudio,
}: Pricing): boolean =>
  [input, output, cacheRead, cacheWrite, cacheWrite1h, inputAudio, outputAudio].some((price) => price !== undefined);

/** How many traits the row names, all of them as asked; undefined when one is another. */
const likeness = (row: ImagePrice, asked: BillableUnits['imageTraits'] = {}): number | undefined => {
  let count = 0;
  for (const trait of TRAITS) {
    const wanted = row[trait];
    if (wanted === undefined || (wanted === 'default' && asked[trait] === undefined)) continue;
    if (wanted !== asked[trait]) return undefined;
    count += 1;
  }
  return count;
};

/**
 * The price of the row that names the most of what was asked, else the one for all images, else the one that all rows
 * have. Undefined where rows that name as much differ.
 */
const pricePerImage = (
  { perImage, images = [] }: Pricing,
  traits: BillableUnits['imageTraits'],
): number | undefined => {
  const likes = images.map((row) => likeness(row, traits) ?? -1);
  const most = Math.max(-1, ...likes);
  if (most < 0 && perImage !== undefined) return perImage;
  const [first, ...others] = images.filter((_, index) => most < 0 || likes[index] === most);
  return others.every(({ cost }) => cost === first?.cost) ? first?.cost : undefined;
};

const times = (price: number | undefined, count: number | undefined): Decimal | undefined => {
  const one = price === undefined ? undefined : decimalOf(price);
  if (one === undefined || count === undefined || !Number.isSafeInteger(count) || count < 0) return undefined;
  return { digits: one.digits * BigInt(count), places: one.places };
};

/** What of a usage tells whether images were made. */
interface DrawnTokens {
  readonly output: Pick<TokenUsage['output'], 'image'>;
}

/** A model that writes and draws says by its tokens whether it drew; one that only draws always does. */
const didDraw = (pricing: Pricing, usage: DrawnTokens | undefined): boolean =>
  usage === undefined || usage.output.image > 0 || pricing.output === undefined;

/** What is billed by the piece: `digits / 10^places` dollars. Undefined when a count or a price that is needed is not known. */
export const unitAmount = (
  pricing: Pricing,
  usage: DrawnTokens | undefined,
  units: BillableUnits = {},
): Decimal | undefined => {
  let sum: Decimal = { digits: 0n, places: 0 };
  if (hasImagePrice(pricing) && (units.images !== undefined || didDraw(pricing, usage))) {
    const images = times(units.images === 0 ? 0 : pricePerImage(pricing, units.imageTraits), units.images);
    if (images === undefined) return undefined;
    sum = sumOfDecimals(sum, images);
  }
  if (pricing.perThousandSearchUnits !== undefined) {
    const perThousand = times(pricing.perThousandSearchUnits, units.searchUnits);
    if (perThousand === undefined) return undefined;
    sum = sumOfDecimals(sum, { digits: perThousand.digits, places: perThousand.places + THOUSAND_PLACES });
  }
  return sum;
};

/** Whether such a model bills images in place of its output. */
export const billsOnlyImages = (pricing: Pricing): boolean => hasImagePrice(pricing) && pricing.output === undefined;

/** The usage without what is billed by the image. */
export const withoutImages = (pricing: Pricing, usage: TokenUsage): TokenUsage => {
  if (!hasImagePrice(pricing)) return usage;
  const { text, reasoning } = usage.output;
  const output =
    pricing.output === undefined
      ? { total: 0, text: 0, reasoning: 0, image: 0 }
      : { ...usage.output, total: text + reasoning, image: 0 };
  return { ...usage, output };
};
