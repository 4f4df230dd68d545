import { fieldOf } from '@headrace/core/plugin';
import { isPlainObject } from './plain-object.js';

/** One field that differs between two configurations. Never its values: secrets are among them. */
export interface ConfigChange {
  /** Such as `routes.chat.targets[1]`; the outermost one that is there in one of them only. */
  readonly field: string;
  readonly kind: 'added' | 'removed' | 'changed';
}

/** What leads from one configuration to another, in the order of their fields. */
export const changesBetween = (
  before: unknown,
  after: unknown,
  path: readonly PropertyKey[] = [],
): readonly ConfigChange[] => {
  if (Object.is(before, after)) return [];
  const field = fieldOf(path, 'config');
  if (before === undefined) return [{ field, kind: 'added' }];
  if (after === undefined) return [{ field, kind: 'removed' }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, at) => changesBetween(before[at], after[at], [...path, at])).flat();
  }
  if (isPlainObject(before) && isPlainObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  }
  return [{ field, kind: 'changed' }];
};
