import { isObject } from './is-object.js';
import { ITSELF, type Place, placeOf, REQUEST } from './kept-members.js';

/** A request body without what is somebody's, and what was taken out. */
export interface MaskedBody {
  readonly body: string;
  /** Texts that an answer may quote. */
  readonly texts: readonly string[];
  /** Numbers, as JSON writes them. */
  readonly numbers: readonly string[];
}

/** Models, tools, types, ids: never a sentence. */
const WORD = /^[\w.:/@+=-]{1,128}$/;
/** What members, properties and choices of a program are called: an answer has to say it as it is. */
const IDENTIFIER = /^[\w$.-]*$/;
/** Words of the answers themselves: a prompt about them leaves an answer readable. */
const OF_ANSWERS: ReadonlySet<string> = new Set(
  (
    'chat.completion chat.completion.chunk finish_reason finishReason tool_calls functionCall usageMetadata promptTokenCount ' +
    'candidatesTokenCount totalTokenCount prompt_tokens completion_tokens total_tokens input_tokens output_tokens ' +
    'reasoning_content message_start message_delta message_stop content_block content_block_start content_block_delta ' +
    'content_block_stop input_json_delta partial_json thinking_delta signature_delta citations_delta stop_sequence'
  ).split(' '),
);

/** A star for each byte of what is seen. */
const stars = (text: string): string => text.replaceAll(/\S/gu, (one) => '*'.repeat(Buffer.byteLength(one)));

/** As `stars`, for a text that JSON writes: an escape has as many bytes as it is long. */
const jsonStars = (text: string): string =>
  text.replaceAll(/\S/gu, (one) => '*'.repeat(Buffer.byteLength(JSON.stringify(one)) - '""'.length));

/** What is behind the comma of `data:image/png;base64,…`. */
const DATA_URL = /^data:[^,]{0,255},/i;

class Masking {
  readonly texts = new Set<string>();
  readonly numbers = new Set<string>();
  readonly kept = new Set<string>();

  at(place: Place, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one: unknown) => this.at(place, one));
    if (isObject(value)) return this.#members(place, value);
    if (typeof value === 'string')
      return this.#text(typeof place === 'string' ? place : (place[ITSELF] ?? 'text'), value);
    if (typeof value === 'number' && place !== 'word' && place !== 'figure') return this.#number(value);
    return value;
  }

  #members(place: Place, value: Readonly<Record<string, unknown>>): unknown {
    const masked = new Map<string, unknown>();
    const rest = place === 'schema' ? 'schema' : 'text';
    for (const [name, one] of Object.entries(value)) {
      const known = placeOf(place, value, name);
      if (known === undefined && !IDENTIFIER.test(name)) this.texts.add(name);
      const shown = known === undefined ? jsonStars(name) : name;
      // Two names of one length stay two members.
      let unique = shown;
      for (let count = 2; masked.has(unique); count += 1) unique = `${shown}${count}`;
      masked.set(unique, this.at(known ?? rest, one));
    }
    return Object.fromEntries(masked);
  }

  #text(place: Place, text: string): string {
    if (place === 'word' && WORD.test(text)) {
      this.kept.add(text);
      return text;
    }
    if (place !== 'schema' || !IDENTIFIER.test(text)) this.#noteText(text);
    return jsonStars(text);
  }

  #noteText(text: string): void {
    this.texts.add(text);
    const start = DATA_URL.exec(text)?.[0];
    if (start !== undefined) this.texts.add(text.slice(start.length));
    if (!/^\s*[[{]/.test(text)) return;
    try {
      // The arguments of a call: an answer quotes their parts.
      this.at('text', JSON.parse(text));
    } catch {
      // A text like any other.
    }
  }

  /** Of as many digits, so that it stays a number of its kind. */
  #number(value: number): number {
    this.numbers.add(String(value));
    return Number(String(value).replaceAll(/\d/g, '1'));
  }
}

/**
 * Masks a JSON body but for the places where a request says how something is asked. A body that is no JSON is masked whole.
 */
export const maskTexts = (body: string): MaskedBody => {
  if (body === '') return { body, texts: [], numbers: [] };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { body: stars(body), texts: [body], numbers: [] };
  }
  const masking = new Masking();
  const masked = JSON.stringify(masking.at(REQUEST, value));
  const texts = [...masking.texts].filter((text) => !masking.kept.has(text) && !OF_ANSWERS.has(text));
  return { body: masked, texts, numbers: [...masking.numbers] };
};
