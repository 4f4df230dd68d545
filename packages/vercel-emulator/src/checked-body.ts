import type { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { invalidBody } from './invalid-body.js';

/** @throws ApiError with status 400 whose `param` is the top-level field at fault */
export function checkedBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  // What could not be parsed is undefined here, which would read as if nothing had been sent.
  throw body === undefined
    ? invalidRequest('Invalid input: the body is missing or no JSON')
    : invalidBody(parsed.error);
}
