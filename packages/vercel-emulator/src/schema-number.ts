export interface NumberLimits {
  readonly integer: boolean;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly exclusiveMinimum: number | undefined;
  readonly exclusiveMaximum: number | undefined;
  readonly multipleOf: number | undefined;
}

/** True when a number keeps the limits. */
export function fitsNumber(value: number, limits: NumberLimits): boolean {
  const { integer, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = limits;
  if (integer && !Number.isInteger(value)) return false;
  if (minimum !== undefined && value < minimum) return false;
  if (maximum !== undefined && value > maximum) return false;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return false;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return false;
  return multipleOf === undefined || Math.abs(value / multipleOf - Math.round(value / multipleOf)) < 1e-9;
}

/**
 * A number within the limits: the smallest allowed one from 1 up if there is such, else the one next to the nearest bound.
 * @param variant picks the n-th such number, for lists whose items must differ
 */
export function numberWithin(limits: NumberLimits, variant: number): number {
  const { integer, multipleOf } = limits;
  const step = multipleOf ?? 1;
  const low = Math.max(limits.minimum ?? -Infinity, limits.exclusiveMinimum ?? -Infinity);
  const high = Math.min(limits.maximum ?? Infinity, limits.exclusiveMaximum ?? Infinity);
  const start = Number.isFinite(low) ? low : Math.min(1, high);
  // On the grid of the step, upwards from the lower bound and, failing that, downwards from the upper one.
  const up = (Math.ceil(start / step) + variant) * step;
  const down = (Math.floor(high / step) - variant) * step;
  const candidates = [up, up + step, down, down - step];
  if (multipleOf === undefined && !integer && Number.isFinite(high)) {
    candidates.push(start + (high - start) / (variant + 2), start, high);
  }
  const found = candidates.find((value) => Number.isFinite(value) && fitsNumber(value, limits));
  if (found !== undefined) return found;
  // Fewer numbers than items: the first one again.
  return variant === 0 ? 0 : numberWithin(limits, 0);
}
