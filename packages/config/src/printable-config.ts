import { policiesSchema } from '@headrace/core';
import type { ProviderPlugin } from '@headrace/core/plugin';
import { jsonSchemaOf } from './check-options.js';
import { schemasAt } from './known-names.js';
import { isPlainObject } from './plain-object.js';
import { isListOfSecrets, isSecretName } from './secret-names.js';
import { looksLikeSecret, MASK, maskedText, withoutSecretParts } from './secret-text.js';

type JsonSchema = Readonly<Record<string, unknown>>;
type Path = readonly PropertyKey[];

/** Nothing is known of what it is for. */
const KNOWS_NOTHING: JsonSchema = { type: 'object', properties: {}, additionalProperties: false };
const LIMITS = ['type', 'properties', 'items', 'anyOf', 'oneOf', 'allOf', '$ref', 'not', 'enum', 'const'];

/** Of a schema that says by others what it takes, or that only code can give it. */
const NO_TEXT = ['anyOf', 'oneOf', 'allOf', '$ref', 'not'];
const GROUPS: readonly unknown[] = ['object', 'array'];

/** Whether it takes whatever there is, as an option does that the plugin checks by itself. */
const isOpen = (schema: JsonSchema): boolean =>
  LIMITS.every((word) => !(word in schema)) || (schema['type'] === 'object' && !hasNames(schema) && !isRecord(schema));

const hasNames = (schema: JsonSchema): boolean => isPlainObject(schema['properties']);
const isRecord = (schema: JsonSchema): boolean => schema['additionalProperties'] !== undefined;

/** What is known of the value at a place, by its schema and the names on the way to it. */
class Places {
  constructor(private readonly schema: JsonSchema | undefined) {}

  /** `unknown`: no field of that name; `open`: it may mean anything. */
  kindOf(path: Path): 'known' | 'unknown' | 'open' {
    const { schema } = this;
    if (schema === undefined) return 'open';
    const found = schemasAt(schema, path);
    if (found.length > 0) return found.some(isOpen) ? 'open' : 'known';
    return path.some((_, end) => schemasAt(schema, path.slice(0, end)).some(isOpen)) ? 'open' : 'unknown';
  }

  /** Whether a text is anything but a mistake there. */
  expectsText(path: Path): boolean {
    if (this.kindOf(path) !== 'known') return this.kindOf(path) === 'open';
    return this.#at(path).some((one) => !NO_TEXT.some((word) => word in one) && !GROUPS.includes(one['type']));
  }

  /** Whether whatever stands there is to be hidden. */
  isSecret(path: Path): boolean {
    if (path.some((_, index) => this.#isMarked(path, index + 1))) return true;
    const names = path.filter((_, index) => this.#isSecretStep(path, index));
    if (names.length === 0) return false;
    // Receipts call a key of a list by its `name`, where the schema has one.
    const isNameOfKey = path.at(-1) === 'name' && names.every((name) => isListOfSecrets(String(name)));
    return !(isNameOfKey && this.#at(path).some(({ type }) => type === 'string'));
  }

  /** Whether the schema takes just this value there, or any number. */
  takes(value: unknown, path: Path): boolean {
    return this.#at(path).some(({ type, enum: words, const: word, writeOnly }) => {
      if (writeOnly === true) return false;
      if (typeof value === 'number') return type === 'number' || type === 'integer';
      return word === value || (Array.isArray(words) && words.includes(value));
    });
  }

  #at(path: Path): readonly JsonSchema[] {
    return this.schema === undefined ? [] : schemasAt(this.schema, path);
  }

  /** A text that is a secret says nothing of the fields that an object has in its place. */
  #isMarked(path: Path, end: number): boolean {
    const schemas = this.#at(path.slice(0, end));
    const isInside = end < path.length && schemas.some(hasNames);
    return schemas.some(({ writeOnly, type }) => writeOnly === true && !(isInside && type === 'string'));
  }

  #isSecretStep(path: Path, index: number): boolean {
    const step = path[index];
    if (typeof step !== 'string' || !isSecretName(step)) return false;
    const isField = this.#at(path.slice(0, index)).some(
      ({ properties }) => isPlainObject(properties) && Object.hasOwn(properties, step),
    );
    // A route may be called `auth`: it is a name of the host's own for a thing whose fields are known.
    return isField || !this.#at(path.slice(0, index + 1)).some(hasNames);
  }
}

const shownText = (text: string, path: Path, places: Places): string => {
  if (places.takes(text, path)) return text;
  if (!places.expectsText(path) || places.isSecret(path)) return maskedText(text);
  const rest = withoutSecretParts(text);
  return rest === text && places.kindOf(path) === 'open' && looksLikeSecret(text) ? maskedText(text) : rest;
};

/** A key that was written where a name belongs: `{ apiKey: { the-key } }` is YAML. */
const shownName = (name: string, item: unknown, path: Path, places: Places): string => {
  const isWithin = places.isSecret(path.slice(0, -1));
  const isFree = isWithin || places.kindOf(path) !== 'known';
  return (isWithin && item === null) || (isFree && looksLikeSecret(name)) ? maskedText(name) : withoutSecretParts(name);
};

const shown = (value: unknown, path: Path, places: Places): unknown => {
  if (Array.isArray(value)) return value.map((item, index) => shown(item, [...path, index], places));
  if (isPlainObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        const inner = [...path, name];
        return [shownName(name, item, inner, places), shown(item, inner, places)];
      }),
    );
  if (typeof value === 'function') return '[function]';
  // Instances are given by code: secrets are among them.
  if (typeof value === 'object' && value !== null) return `[${value.constructor.name}]`;
  if (typeof value === 'string') return shownText(value, path, places);
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  return places.isSecret(path) && !places.takes(value, path) ? MASK : value;
};

const shownProvider = (provider: unknown, plugin: ProviderPlugin | undefined): unknown => {
  const around = new Places({ properties: { use: { type: 'string' } }, additionalProperties: false });
  if (!isPlainObject(provider)) return shown(provider, [], new Places(KNOWS_NOTHING));
  const { options, use, ...others } = provider;
  const own = new Places(plugin === undefined ? KNOWS_NOTHING : jsonSchemaOf(plugin.optionsSchema));
  return {
    ...(use === undefined ? {} : { use: typeof use === 'string' ? shown(use, ['use'], around) : '[plugin]' }),
    ...(shown(others, [], around) as object),
    ...(options === undefined ? {} : { options: shown(options, [], own) }),
  };
};

/**
 * A configuration as it can be shown, valid or not: references as they are written, secrets that are written out as
 * `[secret]`. Texts at places that no schema knows are taken for secrets.
 * @param value as it was written
 * @param plugins by the id of the provider
 */
export const printableConfig = (value: unknown, plugins: ReadonlyMap<string, ProviderPlugin>): unknown => {
  const unknown = new Places(KNOWS_NOTHING);
  if (!isPlainObject(value)) return shown(value, [], unknown);
  const { providers, $schema, ...policies } = value;
  const around = new Places({ properties: { $schema: { type: 'string' } }, additionalProperties: false });
  return {
    ...($schema === undefined ? {} : { $schema: shown($schema, ['$schema'], around) }),
    ...(shown(policies, [], new Places(jsonSchemaOf(policiesSchema()))) as object),
    providers: isPlainObject(providers)
      ? Object.fromEntries(
          Object.entries(providers).map(([id, provider]) => [
            withoutSecretParts(id),
            shownProvider(provider, plugins.get(id)),
          ]),
        )
      : shown(providers, [], unknown),
  };
};
