import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fieldOf } from '@headrace/core/plugin';
import type { ConfigDocument } from './config-document.js';
import { ConfigFileError } from './config-error.js';
import { loadModule } from './load-module.js';
import { isPlainObject } from './plain-object.js';
import { readYaml } from './yaml-text.js';

/** Bytes of a file, secrets' files too. */
export const LARGEST_FILE = 1_048_576;

const TEXTS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);
const MODULES: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']);

/** Whether a file can be read again after a change: a module is loaded once in the life of a process. */
export const isText = (file: string): boolean => TEXTS.has(extname(file));

const reasonOf = (error: unknown): string => {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES') return 'may not be read';
  if (code === 'EISDIR') return 'is a folder';
  return typeof code === 'string' ? `cannot be read (${code})` : 'cannot be read';
};

/** A file of text with at most a MiB. @throws the rest of a sentence, in an Error */
export const readText = async (file: string): Promise<string> => {
  try {
    const { size } = await stat(file);
    if (size <= LARGEST_FILE) return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
  throw new Error('is larger than a MiB');
};

const fault = (source: string, message: string, remedy?: string, cause?: unknown): ConfigFileError =>
  new ConfigFileError(source, [{ field: 'file', message, ...(remedy === undefined ? {} : { remedy }) }], { cause });

/** Fields of a value that has no places: so that paths can be told from names. */
const fieldsOf = (value: unknown): ConfigDocument['fields'] => {
  const fields = new Map<string, { readonly path: readonly PropertyKey[] }>();
  const walk = (one: unknown, path: readonly PropertyKey[], above: readonly unknown[]): void => {
    if (path.length > 0) fields.set(fieldOf(path, ''), { path });
    if (above.includes(one) || above.length > 64) return;
    if (Array.isArray(one)) one.forEach((item, index) => walk(item, [...path, index], [...above, one]));
    else if (isPlainObject(one))
      for (const [key, item] of Object.entries(one)) walk(item, [...path, key], [...above, one]);
  };
  walk(value, [], []);
  return fields;
};

const fromText = async (file: string, source: string): Promise<Pick<ConfigDocument, 'value' | 'fields'>> => {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    throw fault(source, `${error instanceof Error ? error.message : 'cannot be read'}.`, undefined, error);
  }
  const read = readYaml(text, source);
  if (extname(file) === '.json') {
    try {
      JSON.parse(text);
    } catch {
      // Not the parser's words: they repeat the text, secrets too.
      throw fault(source, 'is not JSON.', 'Comments and texts without quotes are for files that end in .yaml.');
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
    throw fault(given, 'has a name that says no format.', `Formats: ${[...TEXTS, ...MODULES].join(', ')}.`);
  const exported = await loadModule(pathToFileURL(file).href).catch((cause: unknown) => {
    throw fault(given, `cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, undefined, cause);
  });
  const value: unknown = Reflect.get(Object(exported), 'default');
  if (value === undefined) throw fault(given, 'has no default export.', 'Export the configuration as default.');
  return { ...at, value, fields: fieldsOf(value) };
};
