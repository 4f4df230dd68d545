// The table a person reads.
import { besideBase, framesPerRead, median, readsAlike, valuesOf } from './results.mjs';

/** @param {number} value */
const short = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** @param {number} ms */
const added = (ms) => `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(1)}`;

/** @param {import('./results.mjs').Result} result @param {string} base @param {string} client */
function cell(result, base, client) {
  const { what, unit } = result.workload;
  if (valuesOf(result, client).length === 0) return '–';
  if (client === base) return `${short(median(valuesOf(result, base)))} ${unit}`;
  const difference = what === 'first';
  const beside = besideBase(result, base, client, difference ? (value, other) => value - other : undefined);
  return difference
    ? `${added(beside.median)} / ${added(beside.best)} ms`
    : `${beside.median.toFixed(2)} / ${beside.best.toFixed(2)}${readsAlike(result, base, client) ? '' : ' *'}`;
}

/** @param {import('./results.mjs').Result} result @param {readonly string[]} clients */
function frames(result, clients) {
  const seen = clients.filter((client) => result.figures.has(client)).map((client) => framesPerRead(result, client));
  return seen.some(Number.isNaN) ? '' : seen.join(' · ');
}

/**
 * A Markdown table: the base in its unit, the others as `median / best` ratios to it (time to the first chunk: as ms
 * added), and the median of frames per network read that each client saw, in the order of the columns.
 * @param {readonly import('./results.mjs').Result[]} results
 * @param {readonly import('./roster.mjs').Entry[]} entries the base first
 */
export function table(results, entries) {
  const clients = entries.map(({ name }) => name);
  const base = clients[0] ?? '';
  const rows = [
    ['', ...entries.map(({ label }) => label), 'frames per read'],
    ...results.map((result) => [
      result.workload.title,
      ...clients.map((client) => cell(result, base, client)),
      frames(result, clients),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => {
    const cells = row.map((text, column) =>
      column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
    );
    return `| ${cells.join(' | ')} |`;
  });
  const dashes = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const rule = `| ${dashes.join(' | ')} |`;
  const isMarked = rows.some((row) => row.some((text) => text.endsWith(' *')));
  const note = isMarked ? ['', '* read other amounts at a time than the base: not comparable. Try --slower 2.'] : [];
  return [lines[0], rule, ...lines.slice(1), ...note].join('\n');
}
