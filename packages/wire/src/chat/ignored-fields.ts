import type { Warning } from '@headrace/core/plugin';
import { isObject } from './json-object.js';
import {
  assistantMessageSchema,
  chatRequestSchema,
  filePartSchema,
  imagePartSchema,
  jsonSchemaFormSchema,
  reasoningSchema,
  refusalPartSchema,
  systemMessageSchema,
  textPartSchema,
  toolCallSchema,
  toolMessageSchema,
  toolSchema,
  userMessageSchema,
} from './request-schema.js';

interface Shaped {
  readonly shape: Readonly<Record<string, unknown>>;
}

const PARTS: Readonly<Record<string, Shaped>> = {
  text: textPartSchema,
  image_url: imagePartSchema,
  file: filePartSchema,
  refusal: refusalPartSchema,
};

const MESSAGES: Readonly<Record<string, Shaped>> = {
  system: systemMessageSchema,
  developer: systemMessageSchema,
  user: userMessageSchema,
  assistant: assistantMessageSchema,
  tool: toolMessageSchema,
};

/** Says what it had no place for. At most this many: a hostile body may hold millions. */
const MAX_WARNINGS = 50;

/** Lists the members of a valid request body that no schema knows. */
class IgnoredFields {
  readonly warnings: Warning[] = [];

  list(value: unknown, schema: Shaped | undefined, path: string): void {
    if (!isObject(value) || schema === undefined) return;
    for (const key of Object.keys(value)) {
      if (this.warnings.length >= MAX_WARNINGS) return;
      const isKnown = Object.hasOwn(schema.shape, key) || value[key] === null;
      if (!isKnown) this.#ignore(path === '' ? key : `${path}.${key}`);
    }
  }

  message(value: unknown, path: string): void {
    if (!isObject(value)) return;
    this.list(value, MESSAGES[String(value['role'])], path);
    const { content, tool_calls: calls } = value;
    if (Array.isArray(content))
      for (const [index, part] of content.entries())
        if (isObject(part)) this.list(part, PARTS[String(part['type'])], `${path}.content[${index}]`);
    if (Array.isArray(calls))
      for (const [index, call] of calls.entries()) this.list(call, toolCallSchema, `${path}.tool_calls[${index}]`);
  }

  #ignore(field: string): void {
    this.warnings.push({
      code: 'field-ignored',
      field,
      message: `The field ${field} is not known here and was ignored.`,
    });
  }
}

/** One warning for each unknown member of the body, its messages, parts and tools; at most 50. */
export const ignoredFields = (body: unknown): Warning[] => {
  const ignored = new IgnoredFields();
  if (!isObject(body)) return [];
  ignored.list(body, chatRequestSchema, '');
  ignored.list(body['reasoning'], reasoningSchema, 'reasoning');
  const format = body['response_format'];
  if (isObject(format)) ignored.list(format['json_schema'], jsonSchemaFormSchema, 'response_format.json_schema');
  const { messages, tools } = body;
  if (Array.isArray(messages))
    for (const [index, message] of messages.entries()) ignored.message(message, `messages[${index}]`);
  if (!Array.isArray(tools)) return ignored.warnings;
  for (const [index, tool] of tools.entries()) {
    ignored.list(tool, toolSchema, `tools[${index}]`);
    if (isObject(tool)) ignored.list(tool['function'], toolSchema.shape.function, `tools[${index}].function`);
  }
  return ignored.warnings;
};
