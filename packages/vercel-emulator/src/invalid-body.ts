import type { z } from 'zod';
import { type ApiError, invalidRequest } from './api-error.js';

type Issue = z.core.$ZodIssue;

interface Place {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A form of another `type` than the value has. */
const isOtherType = (issues: readonly Issue[]): boolean =>
  issues.some(({ path }) => path.length === 1 && path[0] === 'type');

/** Of the forms a value may have, the one that fits furthest tells best what is wrong with it. */
function deepest(issue: Issue, above: readonly PropertyKey[] = []): Place {
  const path = [...above, ...issue.path];
  let best: Place = { path, message: issue.message };
  if (issue.code !== 'invalid_union') return best;
  const ofType = issue.errors.filter((form) => !isOtherType(form));
  for (const inner of (ofType.length > 0 ? ofType : issue.errors).flat()) {
    const place = deepest(inner, path);
    if (place.path.length > best.path.length) best = place;
  }
  return best;
}

/** 400 that says where a body is wrong; `param` is the top-level field. */
export function invalidBody({ issues: [issue] }: z.ZodError): ApiError {
  if (issue === undefined) return invalidRequest('Invalid input');
  const { path, message } = deepest(issue);
  const reason = message.replace(/^Invalid input: /, '');
  const [field] = path;
  const where = field === undefined ? 'body' : path.map(String).join('.');
  return invalidRequest(`Invalid input: ${where}: ${reason}`, field === undefined ? undefined : String(field));
}
