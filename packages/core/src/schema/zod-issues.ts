import type { InputIssue } from '../errors/caller-errors.js';
import { didYouMean } from '../errors/nearest.js';
import type * as z from '../zod.js';
import { namesAt } from './names-at.js';

type Issue = z.core.$ZodIssue;

/** A path as issues name it, such as `messages[0].content`; `root` where it is empty. */
export const fieldOf = (path: readonly PropertyKey[], root: string): string => {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? String(step) : `.${String(step)}`;
  }
  return text === '' ? root : text;
};

/** Of a union, the branch that got furthest says best what is wrong. */
const deepest = (branches: readonly (readonly Issue[])[]): readonly Issue[] => {
  let best: readonly Issue[] = [];
  let bestDepth = -1;
  for (const branch of branches) {
    // An unknown key is one step further in than the object that it is in.
    const depth = Math.max(0, ...branch.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));
    if (depth > bestDepth) {
      best = branch;
      bestDepth = depth;
    }
  }
  return bestDepth > 0 ? best : [];
};

/** What the branches of a union take, when none got far enough to be meant. */
const expectationsOf = (branches: readonly (readonly Issue[])[]): string | undefined => {
  const messages = branches.flatMap((branch) => branch[0]?.message ?? []);
  return messages.length === 0 ? undefined : [...new Set(messages)].join(' or ');
};

const flatten = (issue: Issue): Issue[] => {
  if (issue.code !== 'invalid_union') return [issue];
  const inner = deepest(issue.errors);
  if (inner.length === 0) return [{ ...issue, message: expectationsOf(issue.errors) ?? issue.message }];
  return inner.flatMap((one) => flatten({ ...one, path: [...issue.path, ...one.path] }));
};

const namesFor = (known: readonly string[] | z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  if ('safeParse' in known) return namesAt(known, path);
  return path.length === 0 ? known : [];
};

/**
 * The issues of a zod error as fields with a message and, for an unknown key, the name that was probably meant.
 * @param known names of the top-level fields, for suggestions; or the schema, for those of all objects in it.
 * @param root what to call the value itself; default `options`.
 */
export const issuesOf = (
  error: { readonly issues: readonly Issue[] },
  known: readonly string[] | z.ZodType = [],
  root = 'options',
): InputIssue[] =>
  error.issues.flatMap(flatten).flatMap((issue): InputIssue[] => {
    if (issue.code !== 'unrecognized_keys') return [{ field: fieldOf(issue.path, root), message: `${issue.message}.` }];
    return issue.keys.map((key) => {
      const remedy = didYouMean(key, namesFor(known, issue.path)).trim();
      const field = fieldOf([...issue.path, key], root);
      return { field, message: 'is not a known field.', ...(remedy === '' ? {} : { remedy }) };
    });
  });
