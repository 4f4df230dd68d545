// What Headrace may cost beside raw undici.
import { besideBase, readsAlike } from './results.mjs';

/** @type {Record<string, readonly { workload: string, limit: number }[]>} by the major version of Node */
const LIMITS = {
  24: [
    { workload: 'whole-64', limit: 1.15 },
    { workload: 'stream-1-by-16', limit: 1.2 },
    { workload: 'stream-64-by-16', limit: 1.25 },
    { workload: 'stream-1-by-1', limit: 1.4 },
    { workload: 'stream-64-by-1', limit: 1.4 },
    { workload: 'cold', limit: 2.4 },
  ],
  20: [
    { workload: 'whole-64', limit: 1.3 },
    { workload: 'stream-1-by-16', limit: 1.3 },
    { workload: 'stream-64-by-16', limit: 1.3 },
  ],
};

/** Who is held to them, and to what share of them. */
const LIMITED = [
  { client: 'headrace', note: '', share: 1 },
  { client: 'headrace-all', note: ', all stages', share: 1.1 },
];

/**
 * @param {readonly import('./results.mjs').Result[]} results
 * @param {string} base
 * @param {number} nodeMajor versions without limits of their own take those of 24
 */
export function checkLimits(results, base, nodeMajor) {
  return results.flatMap((result) => {
    const { name, title } = result.workload;
    const rule = (LIMITS[nodeMajor] ?? LIMITS[24] ?? []).find(
      ({ workload }) => name === workload || name.startsWith(`${workload}-`),
    );
    if (rule === undefined) return [];
    return LIMITED.flatMap(({ client, note, share }) => {
      if (!result.figures.has(client)) return [];
      const limit = Math.round(rule.limit * share * 1_000) / 1_000;
      const { median, best } = besideBase(result, base, client);
      const isComparable = readsAlike(result, base, client);
      const isMet = isComparable && median <= limit;
      return [{ name, title: `${title}${note}`, limit, median, best, isComparable, isMet }];
    });
  });
}
