/** Members whose texts say how something is asked, not what. */
const STRUCTURE: ReadonlySet<string> = new Set([
  'model',
  'role',
  'type',
  'name',
  'id',
  'tool_call_id',
  'tool_use_id',
  'media_type',
  'mimeType',
  'mime_type',
  'detail',
  'effort',
  'reasoning_effort',
  'response_format',
  'service_tier',
  'tool_choice',
  'ttl',
]);

/** A request body without its texts, and the texts. */
export interface MaskedBody {
  readonly body: string;
  readonly texts: readonly string[];
}

const stars = (text: string): string => text.replaceAll(/\S/gu, '*');

const masked = (value: unknown, name: string, texts: string[]): unknown => {
  if (typeof value === 'string') {
    if (STRUCTURE.has(name)) return value;
    texts.push(value);
    return stars(value);
  }
  if (Array.isArray(value)) return value.map((one: unknown) => masked(one, name, texts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, key, texts)]));
};

/** Masks every text of a JSON body but those of its structure. A body that is no JSON is masked whole. */
export const maskTexts = (body: string): MaskedBody => {
  if (body === '') return { body, texts: [] };
  const texts: string[] = [];
  try {
    return { body: JSON.stringify(masked(JSON.parse(body), '', texts)), texts };
  } catch {
    return { body: stars(body), texts: [body] };
  }
};
