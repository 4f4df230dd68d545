import type { ServingProvider } from './serving-providers.js';

/** How providers are, by slug. One that is not named is well. */
export type ProviderHealth = Readonly<Record<string, 'degraded' | 'down'>>;

/** @throws TypeError that names the provider whose state is neither */
export function checkProviderHealth(given: ProviderHealth): ReadonlyMap<string, 'degraded' | 'down'> {
  const health = new Map(Object.entries(given));
  for (const [slug, state] of health) {
    if (state !== 'degraded' && state !== 'down') {
      throw new TypeError(
        `The option providerHealth of the emulator has ${JSON.stringify(state)} for '${slug}'; it takes degraded and down`,
      );
    }
  }
  return health;
}

const PLACES = { degraded: 1, down: 2 } as const;

/** Degraded providers after those that are well, and those that are down at the end; otherwise as they stand. */
export function byHealth(
  providers: readonly ServingProvider[],
  health: ReadonlyMap<string, 'degraded' | 'down'>,
): readonly ServingProvider[] {
  const place = ({ slug }: ServingProvider): number => {
    const state = health.get(slug);
    return state === undefined ? 0 : PLACES[state];
  };
  return providers.toSorted((left, right) => place(left) - place(right));
}
