/**
 * Dollars per million from the decimal text of dollars per one, exactly: the point is moved in the text, since a
 * product of two floating numbers would be off in the last place. Undefined when the text is not a price.
 */
export const perMillion = (perOne: unknown): number | undefined => {
  if (typeof perOne !== 'string' || !/^(?:\d+\.?\d*|\.\d+)$/.test(perOne)) return undefined;
  const price = Number(`${perOne}e6`);
  return Number.isFinite(price) ? price : undefined;
};
