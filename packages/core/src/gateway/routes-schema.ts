import { hedgeSchema } from '../hedging/hedge-options-schema.js';
import * as z from '../zod.js';
import { completionSchema, parametersSchema } from './completion-schema.js';

const MOST = 1_000;

const model = z.string().min(1, 'must name a model');
const recoveryMode = z.enum(['off', 'verify', 'continue']);
const weight = z.number().positive().max(MOST);

const target = () =>
  z.strictObject({
    model,
    weight: weight.optional(),
    parameters: parametersSchema.optional(),
    providerOptions: completionSchema.shape.providerOptions,
  });

/** Made for who has routes: schemas cost time when they are made. */
export const routesSchema = () =>
  z.record(
    z.string(),
    z.strictObject({
      targets: z
        .array(z.union([model, target()]))
        .min(1, 'must hold at least one model, such as "vercel:openai/gpt-6-luna"'),
      strategy: z.enum(['in-order', 'weighted', 'fastest', 'cheapest']).optional(),
      defaults: parametersSchema.optional(),
      hedging: z.lazy(hedgeSchema).optional(),
      explore: z.number().min(0).max(1).optional(),
      recovery: recoveryMode.optional(),
    }),
  );
