/** An exact amount, not negative: `digits / 10^places`. Money is never added up in floating numbers. */
export interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

const FORM = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/** Reads decimal text, or a number by its shortest decimal text. Undefined unless finite and not negative. */
export const decimalOf = (value: number | string): Decimal | undefined => {
  const match = FORM.exec(String(value));
  if (match === null) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  const places = fraction.length - Number(exponent);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
};

/** The digits of the same amount at that many places, which must not be fewer than it needs. */
export const digitsAt = (value: Decimal, places: number): bigint => value.digits * 10n ** BigInt(places - value.places);

export const sumOfDecimals = (one: Decimal, other: Decimal): Decimal => {
  const places = Math.max(one.places, other.places);
  return { digits: digitsAt(one, places) + digitsAt(other, places), places };
};

/** Decimal text without exponent and without trailing zeros. `digits`: a whole number, not negative. */
export const decimalText = (digits: bigint | number, places: number): string => {
  const text = String(digits).padStart(places + 1, '0');
  const point = text.length - places;
  let end = text.length;
  while (end > point && text.charCodeAt(end - 1) === 48) end -= 1;
  return end === point ? text.slice(0, point) : `${text.slice(0, point)}.${text.slice(point, end)}`;
};

/** Powers of ten that a floating number holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** The floating number nearest to `digits / 10^places`. `digits`: a whole number, not negative. */
export const nearestNumber = (digits: bigint | number, places: number): number => {
  const power = POWERS[places];
  // Of two numbers that are exact a division gives the nearest one.
  if (typeof digits === 'number' && Number.isSafeInteger(digits) && power !== undefined) return digits / power;
  return Number(decimalText(digits, places));
};
