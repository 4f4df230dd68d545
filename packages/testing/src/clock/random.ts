import type { RandomSource } from '@headrace/core/plugin';

/** Numbers in [0, 1) that look random and are the same for the same seed, on every machine. @param seed an integer. */
export const seededRandom = (seed: number): RandomSource => {
  // A Weyl sequence, each member mixed by multiplications and shifts so that neighbours share no pattern.
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 0x1_0000_0000;
  };
};

/** These numbers in order; the last one for ever. @throws RangeError for none, and for one outside [0, 1). */
export const fixedRandom = (...values: readonly number[]): RandomSource => {
  const wrong = values.find((value) => !(value >= 0 && value < 1));
  if (wrong !== undefined) throw new RangeError(`a random source gives numbers in [0, 1), not ${wrong}`);
  const last = values.at(-1);
  if (last === undefined) throw new RangeError('give at least one number');
  let given = 0;
  return () => {
    const value = values[given] ?? last;
    given += 1;
    return value;
  };
};
