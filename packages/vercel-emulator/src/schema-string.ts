export interface StringLimits {
  readonly format: string | undefined;
  readonly pattern: string | undefined;
  readonly minLength: number;
  readonly maxLength: number;
}

const two = (value: number): string => String((value % 28) + 1).padStart(2, '0');

const FORMATS: Readonly<Record<string, (variant: number) => string>> = {
  date: (variant) => `2026-01-${two(variant)}`,
  time: (variant) => `12:00:${two(variant)}Z`,
  'date-time': (variant) => `2026-01-${two(variant)}T12:00:00Z`,
  duration: (variant) => `PT${variant + 1}H`,
  email: (variant) => `person${variant + 1}@example.com`,
  uuid: (variant) => `00000000-0000-4000-8000-${String(variant + 1).padStart(12, '0')}`,
  uri: (variant) => `https://example.com/${variant + 1}`,
  url: (variant) => `https://example.com/${variant + 1}`,
  hostname: (variant) => `host${variant + 1}.example.com`,
  ipv4: (variant) => `192.0.2.${(variant % 250) + 1}`,
  ipv6: (variant) => `2001:db8::${(variant + 1).toString(16)}`,
};

const SAMPLES = [
  'a',
  'A',
  '1',
  '0',
  'abc',
  'ABC',
  'Abc',
  '123',
  '1234',
  '12345',
  'a1',
  'A1',
  'AB12',
  'abc-123',
  'ABC-123',
  '#a1b2c3',
  '1.0.0',
  'v1',
  '12:00',
  '+15550100',
  'EUR',
  'en',
  'en-US',
  'a_b',
  'x@y.zz',
];

const LOOKS_LIKE: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  uri: /^https?:\/\/\S+$/,
  url: /^https?:\/\/\S+$/,
};

// Longer texts are not tried: a pattern comes from the client and may take exponential time.
const LONGEST_TRIED = 64;

function matchesPattern(pattern: string, text: string): boolean {
  try {
    return text.length <= LONGEST_TRIED && new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}

/** True when a text keeps the limits. Of the formats, those a prompt may hold are checked; others count as not kept. */
export function fitsString(text: string, { format, pattern, minLength, maxLength }: StringLimits): boolean {
  const length = Array.from(text).length;
  if (length < minLength || length > maxLength) return false;
  if (pattern !== undefined && !matchesPattern(pattern, text)) return false;
  if (format === undefined || !Object.hasOwn(FORMATS, format)) return true;
  return new Map(Object.entries(LOOKS_LIKE)).get(format)?.test(text) === true;
}

/** A text that a simple pattern accepts; anything more is beyond the emulator. */
function sampleFor(pattern: string): string | undefined {
  const samples = [...SAMPLES, ...Object.values(FORMATS).map((make) => make(0))];
  return samples.find((sample) => matchesPattern(pattern, sample));
}

/** @param name what the string is for, such as a property name; it shows in the text */
export function stringWithin(limits: StringLimits, name: string, variant: number): string {
  const make = limits.format === undefined ? undefined : new Map(Object.entries(FORMATS)).get(limits.format);
  if (make !== undefined) return make(variant);
  const sample = limits.pattern === undefined ? undefined : sampleFor(limits.pattern);
  if (sample !== undefined) return sample;
  const number = variant === 0 ? '' : String(variant + 1);
  const full = `emulated ${name}${number === '' ? '' : ` ${number}`}`;
  const filled = full.padEnd(limits.minLength, '.');
  // The number goes to the front of a short text, where cutting does not lose it.
  return filled.length <= limits.maxLength ? filled : `${number}${full}`.slice(0, limits.maxLength);
}
