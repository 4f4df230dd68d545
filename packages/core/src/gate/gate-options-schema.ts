import * as z from '../zod.js';
import { DEFAULT_BREAKER } from './gate-options.js';

const HOUR_MS = 3_600_000;

const slots = z.int().min(1).max(100_000);

const breaker = () =>
  z
    .strictObject({
      windowMs: z.number().min(1_000).max(HOUR_MS).optional(),
      minAttempts: z.int().min(1).max(10_000).optional(),
      failureShare: z.number().positive().max(1).optional(),
      openMs: z.number().min(1).max(HOUR_MS).optional(),
      maxOpenMs: z.number().min(1).max(HOUR_MS).optional(),
    })
    .refine(({ openMs = DEFAULT_BREAKER.openMs, maxOpenMs = DEFAULT_BREAKER.maxOpenMs }) => openMs <= maxOpenMs, {
      path: ['maxOpenMs'],
      error: 'must be at least `openMs`',
    });

/** Made for who has a gate: schemas cost time when they are made. */
export const gateSchema = () =>
  z.strictObject({
    breaker: z.union([z.literal(false), breaker()]).optional(),
    coolDown: z.boolean().optional(),
    concurrency: z
      .strictObject({
        perTarget: slots.optional(),
        targets: z.record(z.string(), slots.optional()).optional(),
        perKey: slots.optional(),
        maxQueued: z.int().min(0).max(100_000).optional(),
        maxWaitMs: z.number().min(1).max(HOUR_MS).optional(),
      })
      .optional(),
  });
