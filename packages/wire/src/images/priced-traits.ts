import type { ImageTrait, JsonObject } from '@headrace/core/plugin';

const PRICED: readonly ImageTrait[] = ['quality', 'style'];

/** What of an endpoint's own options an image is priced by. */
export const pricedTraits = (options: JsonObject): Partial<Record<ImageTrait, string>> => {
  const traits: Partial<Record<ImageTrait, string>> = {};
  for (const trait of PRICED) {
    const value = options[trait];
    if (typeof value === 'string') traits[trait] = value;
  }
  return traits;
};
