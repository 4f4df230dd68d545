import type { StateStore } from '../contract/state-store.js';
import * as z from '../zod.js';

const MOST_USD = 1_000_000;

const isStore = (value: unknown): value is StateStore =>
  typeof value === 'object' &&
  value !== null &&
  ['begin', 'settle', 'read'].every((name) => typeof (value as Record<string, unknown>)[name] === 'function');

const count = z.union([z.int().min(1), z.literal(Number.POSITIVE_INFINITY)]);

const budget = z.strictObject({
  usd: z.number().min(0).max(MOST_USD),
  per: z.enum(['hour', 'day', 'month', 'total']),
});

const limits = z.strictObject({
  maxConcurrent: count.optional(),
  requestsPerMinute: count.optional(),
  tokensPerMinute: count.optional(),
  budget: z
    .union([
      budget,
      z
        .array(budget)
        .refine(
          (given) => new Set(given.map(({ per }) => per)).size === given.length,
          'must not hold two budgets for the same span',
        ),
    ])
    .optional(),
});

/** Made for who has limits: schemas cost time when they are made. */
export const limitsSchema = () =>
  z.strictObject({
    gateway: limits.optional(),
    perTenant: limits.optional(),
    tenants: z.record(z.string().min(1), limits).optional(),
    perModel: limits.optional(),
    models: z.record(z.string().min(1), limits).optional(),
    maxQueue: z.int().min(0).optional(),
    maxQueueMs: z.number().min(0).optional(),
    store: z
      .custom<StateStore>(isStore, 'must be a StateStore, with `begin`, `settle` and `read`')
      .meta({ not: {} })
      .optional(),
    storeTimeoutMs: z.number().positive().optional(),
    leaseMs: z.number().min(1_000).optional(),
    maxAccounts: z.int().min(1).optional(),
  });
