import * as z from '../zod.js';

/** The schemas of what lies one step further in; those of all branches, where there are several. */
const inside = (schema: z.core.$ZodType, step: PropertyKey): readonly z.core.$ZodType[] => {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    const name = String(step);
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    return field === undefined ? [] : [field];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodArray) return [schema.element];
  return [];
};

/** What a schema stands for: the branches of a union, and what wrappers are around. */
const meant = (schema: z.core.$ZodType): readonly z.core.$ZodType[] => {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(meant);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return meant(schema.unwrap());
  if (schema instanceof z.ZodLazy) return meant(schema.unwrap());
  if (schema instanceof z.ZodPipe) return meant(schema.in);
  return [schema];
};

/** The names of the fields that an object at a path of a schema may have; none where it holds no object there. */
export const namesAt = (schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] => {
  let reached = meant(schema);
  for (const step of path) reached = reached.flatMap((one) => inside(one, step)).flatMap(meant);
  return reached.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
};
