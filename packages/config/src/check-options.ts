import type { InputIssue } from '@headrace/core';
import { issuesOf, nearest, type OptionsIssue, type OptionsSchema } from '@headrace/core/plugin';
import type { ConfigDocument } from './config-document.js';
import { namesAt } from './known-names.js';

type ZodLike = Parameters<typeof issuesOf>[0]['issues'][number];

/** Steps of a Standard Schema may be objects. */
const stepsOf = ({ path = [] }: OptionsIssue): readonly PropertyKey[] =>
  path.map((step) => (typeof step === 'object' ? step.key : step));

const withStop = (message: string): string => message.replace(/\.$/, '');

const UNKNOWN = 'is not a known field.';

/** What a schema says of itself as JSON Schema, where it can. */
export const jsonSchemaOf = (schema: OptionsSchema): Readonly<Record<string, unknown>> | undefined => {
  try {
    return schema['~standard'].jsonSchema?.input({
      target: 'draft-07',
      libraryOptions: {
        unrepresentable: 'any',
        // JSON has no infinity: files of YAML do, and no editor needs it offered.
        override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
          if (jsonSchema['const'] === null && jsonSchema['type'] === 'number') delete jsonSchema['const'];
        },
      },
    });
  } catch {
    return undefined;
  }
};

const remedyFor = (
  json: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
  others: readonly string[],
): string | undefined => {
  const names = namesAt(json, path.slice(0, -1));
  const [name] = nearest(String(path.at(-1)), path.length === 1 ? [...others, ...names] : names, 1);
  return name === undefined ? undefined : `Did you mean "${name}"?`;
};

/**
 * What a schema finds wrong with a value, as issues of fields below `base`, with the nearest known name of every unknown one.
 * @param base where the value stands, such as `providers.acme.options`
 * @param others names that stand beside those of the schema
 */
export const checkOptions = async (
  schema: OptionsSchema,
  value: unknown,
  base: readonly PropertyKey[],
  { fields }: Pick<ConfigDocument, 'fields'>,
  others: readonly string[] = [],
): Promise<readonly InputIssue[]> => {
  const { issues = [] } = await schema['~standard'].validate(value);
  if (issues.length === 0) return [];
  // What zod says beside path and message, such as the branches of a union, is read by who knows zod.
  const found = issues.map(
    (issue) =>
      ({ ...issue, message: withStop(issue.message), path: [...base, ...stepsOf(issue)] }) as unknown as ZodLike,
  );
  const json = jsonSchemaOf(schema);
  return issuesOf({ issues: found }, [], 'config').map((issue): InputIssue => {
    const path = fields.get(issue.field)?.path;
    if (issue.message !== UNKNOWN || path === undefined || json === undefined) return issue;
    const remedy = remedyFor(json, path.slice(base.length), others);
    return remedy === undefined ? issue : { ...issue, remedy };
  });
};
