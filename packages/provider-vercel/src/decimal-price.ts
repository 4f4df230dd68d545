const DECIMAL = /^(?:\d+\.?\d*|\.\d+)$/;

/**
 * The price that is `10^power` times a decimal text, exactly: the point is moved in the text, since a product of two
 * floating numbers would be off in the last place. Undefined when the text is not a price.
 */
const shifted = (text: unknown, power: number): number | undefined => {
  if (typeof text !== 'string' || !DECIMAL.test(text)) return undefined;
  const price = Number(`${text}e${power}`);
  return Number.isFinite(price) ? price : undefined;
};

/** Dollars from decimal text. */
export const dollars = (text: unknown): number | undefined => shifted(text, 0);

/** Dollars per million from the decimal text of dollars per one. */
export const perMillion = (perOne: unknown): number | undefined => shifted(perOne, 6);
