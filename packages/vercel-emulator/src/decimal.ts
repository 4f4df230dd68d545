/** An exact decimal number: `digits / 10^scale`, `scale` not negative. Money is never kept in a float here. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

export const ZERO: Decimal = { digits: 0n, scale: 0 };

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/**
 * Reads a decimal from its text or from a number, which is taken by its shortest text (`0.1` is one tenth).
 * @throws RangeError when the text is no finite decimal number
 */
export function decimal(value: string | number): Decimal {
  const match = PATTERN.exec(String(value));
  if (match === null) throw new RangeError(`not a decimal number: ${JSON.stringify(value)}`);
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return shift({ digits, scale: fraction.length }, Number(exponent));
}

/** Multiplies by ten to the power of `places`, which may be negative. */
export function shift(value: Decimal, places: number): Decimal {
  const scale = value.scale - places;
  return scale >= 0 ? { digits: value.digits, scale } : { digits: value.digits * 10n ** BigInt(-scale), scale: 0 };
}

function withScale(value: Decimal, scale: number): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale);
}

export function add(...values: readonly Decimal[]): Decimal {
  const scale = Math.max(0, ...values.map((value) => value.scale));
  return { digits: values.reduce((sum, value) => sum + withScale(value, scale), 0n), scale };
}

export function subtract(from: Decimal, value: Decimal): Decimal {
  return add(from, { digits: -value.digits, scale: value.scale });
}

/** @param count a whole number */
export function times(value: Decimal, count: number): Decimal {
  return { digits: value.digits * BigInt(count), scale: value.scale };
}

/** True for values above zero. */
export function isPositive(value: Decimal): boolean {
  return value.digits > 0n;
}

/** Plain decimal text without exponent and without trailing zeros, such as `0.0000032`; at least `minPlaces` places. */
export function toText(value: Decimal, minPlaces = 0): string {
  const negative = value.digits < 0n;
  const text = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0');
  const whole = text.slice(0, text.length - value.scale);
  const fraction = text
    .slice(text.length - value.scale)
    .replace(/0+$/, '')
    .padEnd(minPlaces, '0');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The nearest float, for the members that travel as JSON numbers. */
export function toNumber(value: Decimal): number {
  return Number(toText(value));
}
