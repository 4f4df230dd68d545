import type { z } from 'zod';
import { type ApiError, invalidRequest } from './api-error.js';

type Issue = z.core.$ZodIssue;

interface Place {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of the forms a value may have, the one that fits furthest tells best what is wrong with it. */
function deepest(issue: Issue, above: readonly PropertyKey[] = []): Place {
  const path = [...above, ...issue.path];
  let best: Place = { path, message: issue.message };
  if (issue.code !== 'invalid_union') return best;
  for (const inner of issue.errors.flat()) {
    const place = deepest(inner, path);
    if (place.path.length > best.path.length) best = place;
  }
  return best;
}

/** 400 that says where a body is wrong; `param` is the top-level field. */
export function invalidBody({ issues: [issue] }: z.ZodError): ApiError {
  if (issue === undefined) return invalidRequest('Invalid input');
  const { path, message } = deepest(issue);
  const [field] = path;
  const where = field === undefined ? 'body' : path.map(String).join('.');
  return invalidRequest(`Invalid input: ${where}: ${message}`, field === undefined ? undefined : String(field));
}
