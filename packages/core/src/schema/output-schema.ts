import type { JsonObject } from '../contract/json.js';
import { type InputIssue, InvalidRequestError } from '../errors/caller-errors.js';
import * as z from '../zod.js';
import { jsonSchemaIssues } from './json-schema-issues.js';

/** A JSON Schema as a plain object. */
export type JsonSchema = JsonObject;

/** The form of a value: a zod schema, or a JSON Schema (the value is then `unknown` to the compiler). */
export type OutputSchema<T> = z.ZodType<T> | JsonSchema;

/** Both sides of a schema: what goes over the wire, and what checks the value that comes back. */
export interface CompiledSchema<T> {
  readonly json: JsonSchema;
  /** Builds what `parse` needs; most schemas of tools only travel. @throws Error for what cannot be checked here */
  readonly prepare: () => unknown;
  /** @throws z.ZodError */
  readonly parse: (value: unknown) => Promise<T>;
}

const compiled = new WeakMap<object, CompiledSchema<unknown>>();

// By structure, not `instanceof`: the host may have a copy of zod of its own.
const isZod = (schema: object): schema is z.ZodType => '_zod' in schema && 'safeParseAsync' in schema;

const isOldZod = (schema: object): boolean => '_def' in schema && 'safeParse' in schema && !('_zod' in schema);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const compileZod = (schema: z.ZodType, field: string): CompiledSchema<unknown> => {
  try {
    const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input' });
    return { json: json as JsonSchema, prepare: () => schema, parse: (value) => schema.parseAsync(value) };
  } catch (cause) {
    const issue: InputIssue = {
      field,
      message: `this zod schema has no JSON Schema form: ${reasonOf(cause)}.`,
      remedy: 'Use types that JSON can carry, or give a JSON Schema.',
    };
    throw new InvalidRequestError([issue], { cause });
  }
};

/** The name of the dialect is for who checks: it says nothing to a model, and some upstreams refuse it. */
const withoutDialect = (schema: JsonSchema): JsonSchema => {
  if (schema['$schema'] === undefined) return schema;
  const { $schema: _dialect, ...json } = schema;
  return json;
};

const compileJson = (schema: JsonSchema, field: string): CompiledSchema<unknown> => {
  const issues = jsonSchemaIssues(schema, field);
  if (issues.length > 0) throw new InvalidRequestError(issues);
  let checker: z.ZodType | undefined;
  const checkerOf = (): z.ZodType => (checker ??= z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema));
  return { json: withoutDialect(schema), prepare: checkerOf, parse: (value) => checkerOf().parseAsync(value) };
};

/** Kept per schema object, so that a schema used for every call is translated once. @throws InvalidRequestError */
export const compileSchema = <T>(schema: OutputSchema<T>, field: string): CompiledSchema<T> => {
  const known = compiled.get(schema);
  if (known !== undefined) return known as CompiledSchema<T>;
  if (isOldZod(schema)) {
    throw new InvalidRequestError([
      { field, message: 'is a schema of zod 3.', remedy: 'Make it with zod 4, or give a JSON Schema.' },
    ]);
  }
  const made = isZod(schema) ? compileZod(schema, field) : compileJson(schema, field);
  compiled.set(schema, made);
  return made as CompiledSchema<T>;
};

/** Like `compileSchema`, for an answer that will be checked: what cannot be checked is refused before it is paid for. */
export const compileOutputSchema = <T>(schema: OutputSchema<T>, field: string): CompiledSchema<T> => {
  const made = compileSchema(schema, field);
  try {
    made.prepare();
  } catch (cause) {
    const remedy = 'Leave that part out of the schema, or give a zod schema.';
    throw new InvalidRequestError([{ field, message: `cannot be checked here: ${reasonOf(cause)}.`, remedy }], {
      cause,
    });
  }
  return made;
};

/** Like `compileSchema`, for the arguments of a tool: the root must be an object. @throws InvalidRequestError */
export const compileObjectSchema = (schema: OutputSchema<unknown>, field: string): JsonSchema => {
  const { json } = compileSchema(schema, field);
  const { type } = json;
  if (type !== undefined && type !== 'object') {
    throw new InvalidRequestError([
      {
        field,
        message: `must describe an object, but its root is of type ${JSON.stringify(type)}.`,
        remedy: 'Use { "type": "object", "properties": … }.',
      },
    ]);
  }
  return type === undefined ? { type: 'object', ...json } : json;
};
