// What is measured, in the order of the table.

/**
 * @typedef {object} Workload
 * @property {string} name for --only and --json
 * @property {string} title
 * @property {'cpu' | 'first' | 'memory' | 'cold'} what
 * @property {number} parallel calls at one time
 * @property {import('./upstream.mjs').Shape} shape
 * @property {import('./upstream.mjs').Shape} [warmUpShape] where the measured pace is too calm to compile the code in short time
 * @property {string} unit
 * @property {number} turns that each client takes in one round, alternating with the others
 * @property {number} calls made for `memory`
 * @property {boolean} isBusy only for clients that keep up with an upstream which hardly ever pauses
 */

/** Frames of a short answer, such as a title or a classification. */
const SHORT = 3;

/**
 * Turns in one round: short ones, since the pace of a machine that others use changes within seconds. Under `calm` a
 * single stream takes seconds.
 */
const TURNS = { whole: 6, busy: 4, calm: 2 };

/**
 * How long the upstream rests between two writes, in µs, so that what it writes is read one write at a time. `busy` is
 * hardly longer than raw undici needs for a read, `calm` is enough for the slowest client. A reader with time to spare
 * is woken more often, which costs the same for all: ratios are sharper under `busy`.
 */
const GAPS_US = [
  { framesPerWrite: 16, busy: 60, calm: 700 },
  { framesPerWrite: 1, busy: 20, calm: 160 },
];

/**
 * @param {{ isQuick: boolean, slower: number }} options `slower` stretches the upstream's rests
 * @returns {readonly Workload[]}
 */
export function workloads({ isQuick, slower }) {
  const short = { parallel: 16, shape: { chunks: SHORT }, turns: TURNS.whole, calls: 0, isBusy: false };
  const streams = [
    { parallel: 1, chunks: isQuick ? 2_000 : 10_000 },
    { parallel: 64, chunks: isQuick ? 100 : 500 },
  ];
  /** @type {Workload[]} */
  const list = [1, 16, 64].map((parallel) => ({
    ...short,
    name: `whole-${parallel}`,
    title: `whole answers ×${parallel}, CPU per answer`,
    what: 'cpu',
    unit: 'µs',
    parallel,
  }));
  for (const { framesPerWrite, ...gaps } of GAPS_US) {
    for (const pace of /** @type {const} */ (['busy', 'calm'])) {
      for (const { parallel, chunks } of streams) {
        list.push({
          name: `stream-${parallel}-by-${framesPerWrite}-${pace}`,
          title: `${parallel} × ${chunks.toLocaleString('en')} chunks, ${framesPerWrite} a read, ${pace}, CPU per chunk`,
          what: 'cpu',
          unit: 'µs',
          parallel,
          shape: { chunks, framesPerWrite, gapUs: gaps[pace] * slower },
          ...(pace === 'calm' ? { warmUpShape: { chunks, framesPerWrite, gapUs: gaps.busy * slower } } : {}),
          turns: TURNS[pace],
          calls: 0,
          isBusy: pace === 'busy',
        });
      }
    }
  }
  list.push(
    {
      ...short,
      name: 'first-chunk',
      title: 'time to first chunk ×16, median',
      what: 'first',
      unit: 'ms',
      shape: { chunks: 62, framesPerWrite: 16, gapUs: 0 },
    },
    {
      ...short,
      name: 'memory',
      title: `peak memory of ${isQuick ? '2,000' : '10,000'} whole answers ×16`,
      what: 'memory',
      unit: 'MiB',
      turns: 1,
      calls: isQuick ? 2_000 : 10_000,
    },
    {
      ...short,
      name: 'cold',
      title: 'import to first finished answer',
      what: 'cold',
      unit: 'ms',
      turns: 1,
      parallel: 1,
    },
  );
  return list;
}
