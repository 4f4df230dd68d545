import { withDefaults } from '../schema/with-defaults.js';
import type { CacheOptions } from './cache-options.js';

export type CacheSettings = Required<CacheOptions>;

export const DEFAULT_MAX_BYTES = 64 * 1_048_576;

export const cacheSettings = (given: CacheOptions): CacheSettings => {
  const maxBytes = given.maxBytes ?? DEFAULT_MAX_BYTES;
  const defaults: CacheSettings = {
    maxAgeMs: 3_600_000,
    maxEntries: 1_000,
    maxBytes,
    maxEntryBytes: Math.max(1, Math.floor(maxBytes / 16)),
    everyCall: true,
    acrossEndUsers: false,
  };
  return withDefaults(defaults, given);
};
