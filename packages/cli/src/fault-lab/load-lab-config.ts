import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorCode } from '../error-code.js';
import { UsageError } from '../usage-error.js';

const MODULES: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs']);

const fromModule = async (file: string): Promise<unknown> => {
  try {
    const module: unknown = await import(pathToFileURL(resolve(file)).href);
    return Reflect.get(Object(module), 'default');
  } catch (error) {
    throw new UsageError(
      `--config: cannot load ${file} (${errorCode(error) ?? String(error)}).`,
      'A module exports its configuration as default.',
    );
  }
};

const fromJson = async (file: string): Promise<unknown> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--config: cannot read ${file} (${errorCode(error) ?? 'unknown reason'}).`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--config: ${file} is not JSON.`, 'A JavaScript module ends in .js, .mjs or .cjs.');
  }
};

/** What a file of configuration holds, whatever it is. @throws UsageError when it cannot be read */
export const loadLabConfig = (file: string): Promise<unknown> =>
  MODULES.has(extname(file)) ? fromModule(file) : fromJson(file);
