import { MalformedResponseError } from '@headrace/core/plugin';
import type * as z from '@headrace/core/zod';

/**
 * An answer of an account route as its schema has it.
 * @param what in words behind "Vercel AI Gateway's".
 * @throws MalformedResponseError naming the fields, not their values
 */
export const parsedRecord = <T>(schema: z.ZodType<T>, json: unknown, what: string): T => {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const fields = result.error.issues.slice(0, 5).map((issue) => issue.path.join('.') || 'the answer');
  throw new MalformedResponseError(`Vercel AI Gateway's ${what} is not as documented: see ${fields.join(', ')}.`);
};

/** The members that are there. */
export const present = <T extends object>(members: T): { readonly [K in keyof T]?: Exclude<T[K], null | undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null)) as never;
