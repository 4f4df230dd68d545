import type { ProviderPlugin } from '@headrace/core/plugin';
import { jsonSchemaOf } from './check-options.js';
import { schemasAt } from './known-names.js';
import { isPlainObject } from './plain-object.js';

type JsonSchema = Readonly<Record<string, unknown>>;

const MASK = '[secret]';
/** Names of fields and headers that hold secrets, whatever a schema says. */
const SECRET_NAME = /(?:key|token|secret|password|passwd|credential|authorization|cookie)s?$/i;
const ONLY_REFERENCES = /^(?:\$\{[^}]*\})+$/;
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/i;

const isSecret = (path: readonly PropertyKey[], schema: JsonSchema | undefined): boolean => {
  const name = path.findLast((step) => typeof step === 'string');
  if (name !== undefined && SECRET_NAME.test(String(name))) return true;
  return schema !== undefined && schemasAt(schema, path).some((one) => one['writeOnly'] === true);
};

/** Texts that hold a secret by themselves: `name` says which key is which. */
const masked = (value: unknown, path: readonly PropertyKey[], schema: JsonSchema | undefined): unknown => {
  if (Array.isArray(value)) return value.map((item, index) => masked(item, [...path, index], schema));
  if (isPlainObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, [...path, key], schema)]));
  if (typeof value === 'function') return '[function]';
  // Instances are given by code: secrets are among them.
  if (typeof value === 'object' && value !== null) return `[${value.constructor.name}]`;
  if (typeof value !== 'string') return value;
  if (ONLY_REFERENCES.test(value)) return value;
  return isSecret(path, schema) ? MASK : value.replace(USER_INFO, `$1${MASK}@`);
};

/** Everything below a credential of several parts is one: `byok`, for example. */
const SECRET_PARTS = /^(?:byok|credentials?)$/i;

const withoutParts = (value: unknown, within: boolean): unknown => {
  if (Array.isArray(value)) return value.map((item) => withoutParts(item, within));
  if (isPlainObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withoutParts(item, within || SECRET_PARTS.test(key))]),
    );
  return within && typeof value === 'string' && !ONLY_REFERENCES.test(value) ? MASK : value;
};

/**
 * A configuration as it can be shown: references as they are written, secrets that are written out as `[secret]`.
 * @param value as it was written
 * @param plugins by the id of the provider
 */
export const printableConfig = (value: unknown, plugins: ReadonlyMap<string, ProviderPlugin>): unknown => {
  if (!isPlainObject(value)) return masked(value, [], undefined);
  const { providers, ...rest } = value;
  const shown = isPlainObject(providers)
    ? Object.fromEntries(
        Object.entries(providers).map(([id, provider]) => {
          const plugin = plugins.get(id);
          const schema = plugin === undefined ? undefined : jsonSchemaOf(plugin.optionsSchema);
          if (!isPlainObject(provider)) return [id, masked(provider, [], undefined)];
          const { options, ...others } = provider;
          const own = options === undefined ? {} : { options: withoutParts(masked(options, [], schema), false) };
          return [id, { ...(masked(others, [], undefined) as object), ...own }];
        }),
      )
    : masked(providers, [], undefined);
  return { ...(masked(rest, [], undefined) as object), providers: shown };
};
