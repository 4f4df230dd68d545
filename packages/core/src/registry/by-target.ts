import type { InputIssue } from '../errors/caller-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { ModelRegistry } from './model-registry.js';
import { nameOf } from './target.js';

/**
 * What a host gave by model reference, by the name of the target. A reference that names no known model, or the target of
 * another one, becomes an issue.
 */
export const byTarget = <T>(
  given: Readonly<Record<string, T | undefined>>,
  models: ModelRegistry,
  field: string,
  issues: InputIssue[],
): ReadonlyMap<string, T> => {
  const found = new Map<string, T>();
  for (const [reference, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const place = `${field}["${reference}"]`;
    try {
      const target = models.resolveNow(reference);
      if (target === undefined) issues.push({ field: place, message: models.notFound(reference).message });
      else if (found.has(nameOf(target)))
        issues.push({ field: place, message: `names "${nameOf(target)}", which another entry names too.` });
      else found.set(nameOf(target), value);
    } catch (error) {
      if (!GatewayError.is(error)) throw error;
      issues.push({ field: place, message: error.message });
    }
  }
  return found;
};
