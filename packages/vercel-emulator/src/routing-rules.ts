import { deniedByRule } from './account-errors.js';
import type { RoutingRule } from './account-rules.js';
import { invalidRequest } from './api-error.js';

const MOST_REWRITES = 10;

/**
 * The model that the rules of the account make of one.
 * @param canonical the id that an alias stands for; an id that is unknown stands for itself
 * @throws ApiError with status 403 when a rule denies it, 400 when rewrites form a cycle or are more than ten
 */
export function ruledModel(asked: string, rules: readonly RoutingRule[], canonical: (id: string) => string): string {
  const seen = new Set<string>();
  let id = asked;
  for (;;) {
    const slug = canonical(id);
    if (seen.has(slug)) throw invalidRequest(`Routing rules rewrite model '${asked}' in a cycle`, 'model');
    seen.add(slug);
    const rule = rules.find(({ models }) => models.some((model) => model === id || canonical(model) === slug));
    if (rule === undefined) return id;
    if (rule.action === 'deny') throw deniedByRule(rule.id, id);
    if (seen.size > MOST_REWRITES) {
      throw invalidRequest(`Routing rules rewrite model '${asked}' more than ${MOST_REWRITES} times`, 'model');
    }
    id = rule.to;
  }
}
