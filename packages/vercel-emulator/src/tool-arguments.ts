import type { ChatTool, JsonSchema } from './chat-request.js';
import { jsonValueForSchema, type Suggest } from './json-value-for-schema.js';
import { keyWords, numbersIn, properNames, quotedTexts } from './prompt-words.js';
import { asSchema, listOf } from './schema-reference.js';

const WHOLE_PROMPT = /^(?:query|question|text|prompt|input|message|q|search|content|instructions?)$/i;
const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{0,190}\w/;
const URL_IN_TEXT = /https?:\/\/[^\s"'<>)]+/;
const AFTER_PREPOSITION = /\b(?:in|at|for|of|to|from|near|about)\s+(?:the\s+)?(\p{L}[\p{L}'’-]+)/u;
const DATE = /\b\d{4}-\d{2}-\d{2}\b/;

function stringsFor(name: string, schema: JsonSchema, prompt: string): readonly string[] {
  const found = (pattern: RegExp): string[] => pattern.exec(prompt)?.slice(0, 1) ?? [];
  const format = schema['format'];
  if (format === 'date' || /date|day/i.test(name)) return found(DATE);
  if (format === 'email' || /e?mail/i.test(name)) return found(EMAIL);
  if (format === 'uri' || format === 'url' || /url|link|website/i.test(name)) return found(URL_IN_TEXT);
  const quoted = quotedTexts(prompt);
  if (WHOLE_PROMPT.test(name)) return [...quoted, prompt];
  return [...quoted, ...properNames(prompt)];
}

/** Proposes argument values found in a prompt; each number and each text is used once. */
function suggestFrom(prompt: string): Suggest {
  const used = new Set<string>();
  const taken = new Map<string, readonly unknown[]>();
  const numbers = [...numbersIn(prompt)];
  const lower = prompt.toLowerCase();

  const propose = (name: string, schema: JsonSchema): readonly unknown[] => {
    const choices = listOf(schema['enum']);
    if (choices.length > 0) {
      return choices.filter((choice) => typeof choice === 'string' && lower.includes(choice.toLowerCase()));
    }
    const types = [schema['type']].flat();
    if (types.includes('integer') || types.includes('number')) return numbers.splice(0, 1);
    if (!types.includes('string')) return [];
    const free = stringsFor(name, schema, prompt).filter((text) => !used.has(text));
    for (const text of free.slice(0, 1)) used.add(text);
    return free.slice(0, 1);
  };

  return (name, schema) => {
    // Asked twice for an optional property: whether to include it, and for its value.
    const known = taken.get(name);
    if (known !== undefined) return known;
    const proposed = propose(name, schema);
    taken.set(name, proposed);
    return proposed;
  };
}

/** Arguments for one call, fitting the tool's schema, taken from the prompt where that is plausible. */
export function toolArguments(tool: ChatTool, prompt: string): string {
  const schema = { type: 'object', ...tool.function.parameters };
  const suggest = suggestFrom(prompt);
  // Required arguments have the first choice of what the prompt offers.
  const properties = asSchema(asSchema(schema)['properties']);
  for (const name of listOf(asSchema(schema)['required']).map(String)) suggest(name, asSchema(properties[name]));
  const value = jsonValueForSchema(schema, {
    sparse: true,
    suggest: (name, inner) => {
      const proposed = suggest(name, inner);
      if (proposed.length > 0 || inner['format'] !== undefined || inner['pattern'] !== undefined) return proposed;
      const isRequired = listOf(asSchema(schema)['required']).includes(name);
      const words = isRequired && inner['type'] === 'string' && inner['enum'] === undefined ? keyWords(prompt) : [];
      if (words.length === 0) return [];
      const placed = AFTER_PREPOSITION.exec(prompt)?.[1];
      return placed === undefined ? words.slice(-1) : [placed];
    },
  });
  return JSON.stringify(value);
}

/**
 * The prompts for several calls of one tool: one for each name when the tool needs a single text and the prompt joins
 * several names ("in Paris and London").
 */
export function promptsForCalls(tool: ChatTool, prompt: string): readonly string[] {
  const parameters = asSchema(tool.function.parameters);
  const required = listOf(parameters['required']);
  const only = asSchema(asSchema(parameters['properties'])[String(required[0])]);
  const names = properNames(prompt);
  const joined = names.length > 1 && /\p{Lu}[\p{L}'’-]+(?:,| and| or| und| et)\s+(?:in |for |of )?\p{Lu}/u.test(prompt);
  if (!joined || required.length !== 1 || only['type'] !== 'string' || only['enum'] !== undefined) return [prompt];
  if (WHOLE_PROMPT.test(String(required[0]))) return [prompt];
  return names.map((name) =>
    names.filter((other) => other !== name).reduce((text, other) => text.replace(other, ''), prompt),
  );
}
