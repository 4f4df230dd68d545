/**
 * The parts of zod that the schemas of this project are made of. Only these are put into core's bundle: the whole of zod
 * is a hundred modules, with its messages in sixty languages. See docs/decisions/0034.
 * @packageDocumentation
 */
export type * from 'zod';
export {
  array,
  base64,
  boolean,
  custom,
  discriminatedUnion,
  enum,
  fromJSONSchema,
  int,
  iso,
  json,
  lazy,
  literal,
  looseObject,
  null,
  number,
  object,
  partialRecord,
  record,
  strictObject,
  string,
  stringbool,
  toJSONSchema,
  union,
  unknown,
  url,
  ZodArray,
  ZodDefault,
  ZodError,
  ZodLazy,
  ZodNullable,
  ZodObject,
  ZodOptional,
  ZodPipe,
  ZodRecord,
  ZodUnion,
} from 'zod';
