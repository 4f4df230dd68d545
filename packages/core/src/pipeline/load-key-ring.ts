import type { KeyRing } from './key-ring.js';

export type { KeyLease, KeyRing } from './key-ring.js';

/** The rotation of a gateway, for clients that are used without one. Loaded by who has several keys. */
export const loadKeyRing = async (provider: string, names: readonly string[]): Promise<KeyRing> => {
  const { KeyRing: Ring } = await import('./key-ring.js');
  return new Ring(provider, names);
};
