import * as z from '../zod.js';

const ms = z.number().positive();

const fields = {
  quantile: z.number().gt(0).lt(1).optional(),
  minDelayMs: ms.optional(),
  maxDelayMs: ms.optional(),
  initialDelayMs: ms.optional(),
  sameTarget: z.boolean().optional(),
  tools: z.boolean().optional(),
};

/** Undefined leaves the bound to the layer below: what comes of all layers is put in order when it is used. */
const inOrder = ({ minDelayMs, maxDelayMs }: { minDelayMs?: number | undefined; maxDelayMs?: number | undefined }) =>
  minDelayMs === undefined || maxDelayMs === undefined || minDelayMs <= maxDelayMs;
const ORDER = { path: ['maxDelayMs'], error: 'must not be less than `minDelayMs`' };

/** Of a route or a call. */
export const hedgeSchema = () => z.union([z.boolean(), z.strictObject(fields).refine(inOrder, ORDER)]);

/** Of a gateway. */
export const hedgingSchema = () =>
  z
    .strictObject({
      ...fields,
      calls: z.enum(['all', 'asked']).optional(),
      maxShare: z.number().gt(0).max(1).optional(),
      maxUsdPerHour: z.number().positive().optional(),
    })
    .refine(inOrder, ORDER);
