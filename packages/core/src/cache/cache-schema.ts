import * as z from '../zod.js';
import type { CacheOptions } from './cache-options.js';
import { DEFAULT_MAX_BYTES } from './cache-settings.js';

/** Made for who has a cache: schemas cost time when they are made. */
export const cacheSchema = () =>
  z
    .strictObject({
      maxAgeMs: z.number().positive().optional(),
      maxEntries: z.int().min(1).optional(),
      maxBytes: z.int().min(1).optional(),
      maxEntryBytes: z.int().min(1).optional(),
      everyCall: z.boolean().optional(),
      acrossEndUsers: z.boolean().optional(),
    })
    .refine(({ maxBytes, maxEntryBytes }) => (maxEntryBytes ?? 0) <= (maxBytes ?? DEFAULT_MAX_BYTES), {
      path: ['maxEntryBytes'],
      error: 'must not be more than maxBytes',
    });

// The compiler holds the schema to the options.
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };
null as unknown as z.infer<ReturnType<typeof cacheSchema>> satisfies Loose<CacheOptions>;
