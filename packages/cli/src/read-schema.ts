import { readFile } from 'node:fs/promises';
import type { JsonSchema } from '@headrace/core';
import { errorCode } from './error-code.js';
import { UsageError } from './usage-error.js';

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON Schema in a file. @throws UsageError when there is none. */
export const readSchema = async (file: string, option: string): Promise<JsonSchema> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: cannot read ${file} (${errorCode(error) ?? 'unknown reason'}).`);
  }
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    throw new UsageError(`${option}: ${file} is not JSON.`);
  }
  if (!isObject(schema)) throw new UsageError(`${option}: ${file} does not hold a JSON Schema, which is an object.`);
  return schema;
};
