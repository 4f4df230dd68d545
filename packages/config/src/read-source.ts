import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fieldOf } from '@headrace/core/plugin';
import { type ConfigDocument, isUseOf } from './config-document.js';
import { ConfigFileError, type Place } from './config-error.js';
import { loadModule } from './load-module.js';
import { isPlainObject } from './plain-object.js';
import { readText } from './read-text.js';
import { readYaml } from './yaml-text.js';

const TEXTS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);
const MODULES: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']);

/** Whether a file can be read again after a change: a module is loaded once in the life of a process. */
export const isText = (file: string): boolean => TEXTS.has(extname(file));

interface FaultDetail {
  readonly remedy?: string;
  readonly place?: Place | undefined;
  readonly cause?: unknown;
}

const fault = (source: string, message: string, { remedy, place, cause }: FaultDetail = {}): ConfigFileError =>
  new ConfigFileError(
    source,
    [
      {
        field: 'file',
        message,
        ...(remedy === undefined ? {} : { remedy }),
        ...(place === undefined ? {} : { place }),
      },
    ],
    { cause },
  );

/** Fields of a value that has no places: so that paths can be told from names. */
const fieldsOf = (value: unknown): ConfigDocument['fields'] => {
  const fields = new Map<string, { readonly path: readonly PropertyKey[] }>();
  const walk = (one: unknown, path: readonly PropertyKey[], above: readonly unknown[]): void => {
    if (path.length > 0) fields.set(fieldOf(path, ''), { path });
    if (above.includes(one) || above.length > 64 || isUseOf(path)) return;
    if (Array.isArray(one)) one.forEach((item, index) => walk(item, [...path, index], [...above, one]));
    else if (isPlainObject(one))
      for (const [key, item] of Object.entries(one)) walk(item, [...path, key], [...above, one]);
  };
  walk(value, [], []);
  return fields;
};

/** Where the parser stopped, if it says so. Nothing else of its words: they repeat the text, secrets too. */
const placeOf = (error: unknown, text: string): Place | undefined => {
  const offset = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (offset === undefined) return undefined;
  const before = text.slice(0, Number(offset)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
};

const fromText = async (file: string, source: string): Promise<Pick<ConfigDocument, 'value' | 'fields'>> => {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    throw fault(source, `${error instanceof Error ? error.message : 'cannot be read'}.`, { cause: error });
  }
  const read = readYaml(text, source);
  if (extname(file) === '.json') {
    try {
      JSON.parse(text);
    } catch (error) {
      const place = placeOf(error, text);
      const remedy = 'Comments, commas at the end and texts without quotes are for files that end in .yaml.';
      throw fault(source, place === undefined ? 'is not JSON.' : 'this is not JSON.', { remedy, place });
    }
  }
  return read;
};

/**
 * Reads a configuration from a file, or takes it as it is.
 * @param from the folder that an object's names are relative to
 * @throws ConfigFileError
 */
export const readSource = async (given: string | object, from: string): Promise<ConfigDocument> => {
  if (typeof given !== 'string')
    return { source: 'loadGateway', folder: resolve(from), value: given, fields: fieldsOf(given) };
  const file = resolve(from, given);
  const at = { source: given, folder: dirname(file) };
  if (isText(file)) return { ...at, ...(await fromText(file, given)) };
  if (!MODULES.has(extname(file)))
    throw fault(given, 'has a name that says no format.', {
      remedy: `Formats: ${[...TEXTS, ...MODULES].join(', ')}.`,
    });
  const exported = await loadModule(pathToFileURL(file).href).catch((cause: unknown) => {
    throw fault(given, `cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  const value: unknown = Reflect.get(Object(exported), 'default');
  if (value === undefined)
    throw fault(given, 'has no default export.', { remedy: 'Export the configuration as default.' });
  return { ...at, value, fields: fieldsOf(value) };
};
