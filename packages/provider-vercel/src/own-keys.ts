import type { JsonObject, JsonValue } from '@headrace/core/plugin';

/** Members of credentials that are no secrets, and whose absence would make a message useless. */
const OPEN: ReadonlySet<string> = new Set([
  'resourceName',
  'project',
  'location',
  'clientEmail',
  'region',
  'gatewayModelSlug',
  'customModelId',
]);

const gather = (value: JsonValue | undefined, found: string[]): void => {
  if (typeof value === 'string') found.push(value);
  else if (Array.isArray(value)) for (const item of value) gather(item, found);
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) if (!OPEN.has(name)) gather(member, found);
};

/**
 * The secrets among the `byok` credentials of a request, so that no message repeats them.
 * @param gateway the body's `providerOptions.gateway`.
 */
export const ownKeysOf = (gateway: JsonValue | undefined): readonly string[] => {
  if (typeof gateway !== 'object' || gateway === null) return [];
  const found: string[] = [];
  gather((gateway as JsonObject)['byok'], found);
  return found;
};
