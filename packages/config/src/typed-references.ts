import type { InputIssue } from '@headrace/core';
import { fieldOf } from '@headrace/core/plugin';
import { schemasAt } from './known-names.js';
import { isPlainObject, valueAt } from './plain-object.js';
import type { WholeReference } from './references.js';

type JsonSchema = Readonly<Record<string, unknown>>;

const WORDS = ['type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', '$ref', 'not'];

/** Kinds of values that one schema takes, by itself; `any` where it says nothing. */
const kindsOf = (schema: JsonSchema): readonly string[] => {
  const { type, const: only, enum: some } = schema;
  if (Array.isArray(some)) return some.map((value) => typeof value);
  if (only !== undefined) return [typeof only];
  if (type !== undefined) return (Array.isArray(type) ? type : [type]).map(String);
  return WORDS.some((word) => word in schema) ? [] : ['any'];
};

/** As JSON and YAML write numbers; `Infinity` switches limits off. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Infinity)$/i;

const numberIn = (text: string): number | undefined => (NUMBER.test(text) ? Number(text) : undefined);

const truthIn = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined);

interface Reading {
  readonly value?: number | boolean;
  /** What was needed, where it was not there. */
  readonly needed?: string;
}

/** A text as what a place takes; nothing where it takes texts, or is not known. */
const read = (text: string, kinds: ReadonlySet<string>): Reading | undefined => {
  if (kinds.has('string') || kinds.has('any')) return undefined;
  const [number, truth] = [kinds.has('number') || kinds.has('integer'), kinds.has('boolean')];
  if (!number && !truth) return undefined;
  const value = (number ? numberIn(text.trim()) : undefined) ?? (truth ? truthIn(text.trim()) : undefined);
  if (value !== undefined) return { value };
  return { needed: [...(number ? ['a number'] : []), ...(truth ? ['true or false'] : [])].join(' or ') };
};

/** The value with another one at a path; what is around it is copied, what is not touched is the same. */
const withAt = (value: unknown, [step, ...rest]: readonly PropertyKey[], inner: unknown): unknown => {
  if (step === undefined) return inner;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? withAt(item, rest, inner) : item));
  return isPlainObject(value) ? { ...value, [step]: withAt(value[String(step)], rest, inner) } : value;
};

/**
 * What references lead to is text. Where a place takes numbers or truth values and no text, a text that is one reference
 * is read as such.
 * @param base where the value stands; references elsewhere are left alone
 */
export const withTypedReferences = (
  value: unknown,
  references: readonly WholeReference[],
  schema: JsonSchema | undefined,
  base: readonly PropertyKey[] = [],
): { readonly value: unknown; readonly issues: readonly InputIssue[] } => {
  if (schema === undefined) return { value, issues: [] };
  const issues: InputIssue[] = [];
  let typed = value;
  for (const { path, source } of references) {
    if (!base.every((step, index) => path[index] === step)) continue;
    const inside = path.slice(base.length);
    const text = valueAt(value, inside);
    if (typeof text !== 'string') continue;
    const reading = read(text, new Set(schemasAt(schema, inside).flatMap(kindsOf)));
    if (reading?.value !== undefined) typed = withAt(typed, inside, reading.value);
    else if (reading?.needed !== undefined)
      issues.push({
        field: fieldOf(path, 'config'),
        message: `must be ${reading.needed}, and ${source} holds something else.`,
      });
  }
  return { value: typed, issues };
};
