// Figures of all turns, and what they say about a client beside the base.

/**
 * @typedef {object} Result
 * @property {import('./workloads.mjs').Workload} workload
 * @property {Map<string, number[]>} figures by client, one for each turn
 * @property {Map<string, import('./measure.mjs').Introduction[]>} introductions by client, one for each process
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** @param {Result} result @param {string} client */
export const valuesOf = ({ figures }, client) => figures.get(client) ?? [];

/** @param {Result} result @param {string} client */
export const framesPerRead = ({ introductions }, client) =>
  median((introductions.get(client) ?? []).flatMap(({ framesPerRead: frames }) => frames ?? []));

/**
 * False when a client fell behind, or the base did: what piles up is cheaper to read.
 * @param {Result} result
 * @param {string} base
 * @param {string} client
 */
export function readsAlike(result, base, client) {
  const [frames, baseFrames] = [framesPerRead(result, client), framesPerRead(result, base)];
  return Number.isNaN(frames) || (frames <= baseFrames * 1.25 && baseFrames <= frames * 1.25);
}

/**
 * A client beside the base: `median` compares the two within each turn, so that a machine that changes its pace in
 * between counts for both; `best` compares the best turn of each.
 * @param {Result} result
 * @param {string} base
 * @param {string} client
 * @param {(value: number, base: number) => number} [compare] default: the ratio
 */
export function besideBase(result, base, client, compare = (value, other) => value / other) {
  const values = valuesOf(result, client);
  const bases = valuesOf(result, base);
  return {
    median: median(values.map((value, turn) => compare(value, bases[turn] ?? Number.NaN))),
    best: compare(Math.min(...values), Math.min(...bases)),
  };
}
