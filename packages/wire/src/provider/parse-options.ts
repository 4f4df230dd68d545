import { ConfigurationError, type InputIssue, issuesOf, nearest } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import type { CommonOptions, KnownFields } from './common-options.js';
import { keyIssues } from './named-keys.js';

/** How a provider's options are read. */
export interface OptionsRules<Schema extends z.ZodType> {
  /** The provider's package, as errors call it: `vercel`. */
  readonly provider: string;
  readonly schema: Schema;
  /** Known fields by the path to their object; the empty path: the options themselves. */
  readonly fields: KnownFields;
  /** Other people's names for the fields at the top. */
  readonly synonyms: Readonly<Record<string, string>>;
}

const unknownFields = (
  issue: z.core.$ZodIssueUnrecognizedKeys,
  { fields, synonyms }: Pick<OptionsRules<z.ZodType>, 'fields' | 'synonyms'>,
): InputIssue[] => {
  const named = issue.path.filter((step) => typeof step !== 'number').join('.');
  const shown = issue.path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
  const names = fields[named] ?? [];
  const known = typeof names === 'function' ? names() : names;
  return issue.keys.map((key) => {
    const synonym = named === '' && Object.hasOwn(synonyms, key) ? synonyms[key] : undefined;
    const [guess] = synonym === undefined ? nearest(key, known, 1) : [synonym];
    const field = shown === '' ? key : `${shown}.${key}`;
    const remedy = guess === undefined ? {} : { remedy: `Did you mean "${guess}"?` };
    return { field, message: 'is not a known option.', ...remedy };
  });
};

/**
 * Checks a provider's options.
 * @param more faults that the schema cannot see; asked although the schema found some.
 * @throws ConfigurationError naming every wrong field, and the nearest right name of every unknown one.
 */
export const parseOptions = <Schema extends z.ZodType>(
  options: unknown,
  rules: OptionsRules<Schema>,
  more: (parsed: z.output<Schema> | undefined) => readonly InputIssue[] = () => [],
): z.output<Schema> => {
  // Looked at once: to compile the check first takes longer than the check.
  const parsed = rules.schema.safeParse(options, { jitless: true });
  const issues = (parsed.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownFields(issue, rules) : issuesOf(new z.ZodError([issue])),
  );
  const { apiKey, apiKeys } = (options ?? {}) as Pick<CommonOptions, 'apiKey' | 'apiKeys'>;
  if (apiKey !== undefined && apiKeys !== undefined)
    issues.push({ field: 'apiKeys', message: 'cannot be given together with `apiKey`.', remedy: 'Give one of them.' });
  const keys = (parsed.data as Pick<CommonOptions, 'apiKeys'> | undefined)?.apiKeys;
  if (keys !== undefined) issues.push(...keyIssues(keys));
  issues.push(...more(parsed.data));
  if (parsed.success && issues.length === 0) return parsed.data;
  throw new ConfigurationError(rules.provider, issues);
};
