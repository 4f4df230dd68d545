import { z } from 'zod';

const target = z.string().min(1, 'must name a model');

/** Made for who has routes: schemas cost time when they are made. */
export const routesSchema = () =>
  z.record(
    z.string(),
    z.strictObject({
      targets: z.array(target).min(1, 'must hold at least one model, such as "vercel:openai/gpt-6-luna"'),
      strategy: z.enum(['in-order']).optional(),
    }),
  );
