import { TEXT_TRAITS } from '../contract/tokenizer-facts.js';
import * as z from '../zod.js';

const weight = z.number().min(0).max(100);
const ratio = z.number().positive();

/** How a model of the host counts text. */
export const tokenizerSchema = () =>
  z.strictObject({
    name: z.string().min(1),
    weights: z.record(z.enum(TEXT_TRAITS), weight),
    error: z
      .strictObject({ low: ratio.max(1), high: ratio.min(1) })
      .describe('the real count divided by the guess: the least and the most that was seen'),
    asOf: z.iso.date(),
    source: z.string(),
  });
