import type { JSONObject, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { Annotations, CacheMark } from '@headrace/core';
import { isObject } from './json.js';
import { splitOptions } from './own-options.js';

/** What users of the AI SDK call a cache mark, in the options of whichever vendor. */
const MARK_NAMES: readonly string[] = ['cacheControl', 'cache_control'];

/** What is said of a message, a part or a tool: options of ours, and the rest in the contract's form. */
export interface ReadAnnotations {
  readonly own: JSONObject;
  readonly annotations: Annotations;
}

const NOTHING: ReadAnnotations = { own: {}, annotations: {} };

/**
 * A cache mark is `providerOptions.headrace.cache`, or the `cacheControl` that a vendor of the AI SDK has.
 * @param names of our options that may stand here, beside `cache`
 * @throws InvalidArgumentError for another name of ours
 */
export const readAnnotations = (
  options: SharedV4ProviderOptions | undefined,
  place: string,
  names: readonly string[] = [],
): ReadAnnotations => {
  if (options === undefined) return NOTHING;
  const { own, others = {} } = splitOptions(options, ['cache', ...names], `${place}.providerOptions`);
  let mark: unknown = own['cache'];
  const rest: Record<string, JSONObject> = {};
  for (const [vendor, said] of Object.entries(others)) {
    if (!isObject(said)) continue;
    const kept = Object.entries(said).filter(([name]) => !MARK_NAMES.includes(name));
    for (const name of MARK_NAMES) mark ??= said[name];
    if (kept.length > 0) rest[vendor] = Object.fromEntries(kept) as JSONObject;
  }
  return {
    own,
    annotations: {
      // The gateway checks its form.
      ...(mark === undefined || mark === null ? {} : { cache: mark as CacheMark }),
      ...(Object.keys(rest).length === 0 ? {} : { providerOptions: rest }),
    },
  };
};
