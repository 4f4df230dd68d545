import * as z from '../zod.js';
import type { Middleware } from './middleware.js';

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** Made for who has middleware: schemas cost time when they are made. */
export const middlewareSchema = () =>
  z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be 1–64 of a–z, 0–9 and hyphens'),
        timeoutMs: z.number().positive().optional(),
        onFailure: z.enum(['fail', 'continue']).optional(),
        forCall: z.custom<Middleware['forCall']>(isFunction, 'must be a function'),
      }),
    )
    .superRefine((list, context) => {
      const names = list.map(({ name }) => name);
      for (const [at, name] of names.entries())
        if (names.indexOf(name) < at)
          context.addIssue({ code: 'custom', path: [at, 'name'], message: `"${name}" is taken` });
    });
