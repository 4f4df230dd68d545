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
    if (rule === undefined || !result.figures.has('headrace')) return [];
    const { median, best } = besideBase(result, base, 'headrace');
    const isComparable = readsAlike(result, base, 'headrace');
    const isMet = isComparable && median <= rule.limit;
    return [{ name, title, limit: rule.limit, median, best, isComparable, isMet }];
  });
}
