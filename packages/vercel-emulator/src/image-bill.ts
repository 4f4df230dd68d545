import type { SeedPricing } from './catalogue-seed.js';
import { add, decimal, times, ZERO } from './decimal.js';
import { type Bill, billFor, type TokenCounts } from './usage.js';

/** What of an image its price may depend on; absent: as by default. */
export interface ImageTraits {
  readonly size?: string | undefined;
  readonly quality?: string | undefined;
  readonly style?: string | undefined;
  readonly operation: 'generate' | 'edit';
}

const TRAITS = ['size', 'quality', 'style', 'operation'] as const;

/** How many traits a row of the list names, all of them as asked; -1 when one is another. */
function likeness(row: Readonly<Record<string, unknown>>, traits: ImageTraits): number {
  let count = 0;
  for (const trait of TRAITS) {
    const named = row[trait];
    if (named === undefined || (named === 'default' && traits[trait] === undefined)) continue;
    if (named !== traits[trait]) return -1;
    count += 1;
  }
  return count;
}

/** USD for one image: that of the row which names the most of what was asked, else the one of all images. */
export function pricePerImage({ perImage, images = [] }: SeedPricing, traits: ImageTraits): number | undefined {
  const rows = images.map((row) => ({ cost: row.cost, likeness: likeness(row, traits) }));
  const [best] = rows.toSorted((left, right) => right.likeness - left.likeness);
  if (best === undefined) return perImage;
  return best.likeness < 0 ? (perImage ?? best.cost) : best.cost;
}

/** Images with a price of their own, and the tokens beside them; else the tokens alone. */
export function imageBill(
  counts: TokenCounts,
  pricing: SeedPricing,
  { images, traits, isByok }: { images: number; traits: ImageTraits; isByok: boolean },
): Bill {
  const each = pricePerImage(pricing, traits);
  if (each === undefined) return billFor(counts, pricing, isByok);
  const tokens = billFor({ ...counts, completion: counts.completion - counts.image }, pricing, isByok);
  const drawn = times(decimal(each), images);
  const market = add(tokens.market, drawn);
  return { market, input: tokens.input, output: add(tokens.output, drawn), cost: isByok ? ZERO : market, isByok };
}
