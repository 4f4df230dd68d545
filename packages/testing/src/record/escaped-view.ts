/** Bytes as they are meant, and where each of them is written. */
export interface EscapedView {
  readonly bytes: Buffer;
  /** `starts[n]` is where byte n is written; one more tells the end. Absent: nothing was escaped. */
  readonly starts?: Uint32Array;
}

const [PERCENT, PLUS, SPACE, BACKSLASH] = [0x25, 0x2b, 0x20, 0x5c];
const CONTROL: ReadonlyMap<string, number> = new Map([
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['b', 0x08],
  ['f', 0x0c],
]);
const AS_IS = new Set(['"', '/', "'"]);

const hexAt = (bytes: Buffer, at: number, digits: number): number | undefined => {
  const text = bytes.toString('latin1', at, at + digits);
  return text.length === digits && /^[\da-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined;
};

/** `%2f` or `%2F`. */
const percentAt = (bytes: Buffer, at: number): { value: number; end: number } | undefined => {
  const value = hexAt(bytes, at + 1, 2);
  return value === undefined ? undefined : { value, end: at + 3 };
};

/** A unit of JSON, in JSON within JSON too: any number of backslashes before it. */
const backslashAt = (bytes: Buffer, at: number): { value: Buffer; end: number } => {
  let end = at;
  while (bytes[end] === BACKSLASH) end += 1;
  const letter = String.fromCharCode(bytes[end] ?? 0);
  const control = CONTROL.get(letter);
  if (control !== undefined) return { value: Buffer.of(control), end: end + 1 };
  if (AS_IS.has(letter)) return { value: Buffer.from(letter), end: end + 1 };
  const unit = letter === 'u' ? hexAt(bytes, end + 1, 4) : undefined;
  if (unit === undefined) return { value: Buffer.of(BACKSLASH), end };
  end += 5;
  let next = end;
  while (bytes[next] === BACKSLASH) next += 1;
  const low = next > end && bytes[next] === 0x75 ? hexAt(bytes, next + 1, 4) : undefined;
  const isPair = unit >= 0xd8_00 && unit < 0xdc_00 && low !== undefined && low >= 0xdc_00 && low < 0xe0_00;
  if (!isPair) return { value: Buffer.from(String.fromCharCode(unit)), end };
  return { value: Buffer.from(String.fromCharCode(unit, low)), end: next + 5 };
};

const undone = (bytes: Buffer): EscapedView => {
  if (![PERCENT, PLUS, BACKSLASH].some((one) => bytes.includes(one))) return { bytes };
  // Nothing grows: an escape is never shorter than what it means.
  const meant = Buffer.alloc(bytes.length);
  const starts = new Uint32Array(bytes.length + 1);
  let length = 0;
  const put = (byte: number, from: number): void => {
    meant[length] = byte === PLUS ? SPACE : byte;
    starts[length] = from;
    length += 1;
  };
  let at = 0;
  while (at < bytes.length) {
    const from = at;
    const byte = bytes[at] ?? 0;
    at += 1;
    if (byte === BACKSLASH) {
      const unit = backslashAt(bytes, from);
      for (const one of unit.value) put(one, from);
      at = unit.end;
    } else {
      const percent = byte === PERCENT ? percentAt(bytes, from) : undefined;
      put(percent?.value ?? byte, from);
      at = percent?.end ?? at;
    }
  }
  starts[length] = bytes.length;
  return { bytes: meant.subarray(0, length), starts: starts.subarray(0, length + 1) };
};

/** More than anybody encodes over and over. */
const MAX_LAYERS = 4;

/**
 * Undoes what JSON and URLs write otherwise, in whatever mixture and up to four times over, so that one text is found in all its
 * forms. A plus is a space, as in a query. What is not escaped stays.
 */
export const escapedView = (bytes: Buffer): EscapedView => {
  let view = undone(bytes);
  for (let layer = 1; layer < MAX_LAYERS && view.starts !== undefined; layer += 1) {
    const { starts } = view;
    const next = undone(view.bytes);
    if (next.bytes.length === view.bytes.length) break;
    view = { bytes: next.bytes, starts: next.starts?.map((at) => starts[at] ?? 0) ?? starts };
  }
  return view;
};
