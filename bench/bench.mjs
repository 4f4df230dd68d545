// Runs all measurements: every round starts every client in a fresh process and lets them take short turns.
import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';
import { parseFlags } from './flags.mjs';
import { checkLimits } from './limits.mjs';
import { isPinned, startClient, startUpstream } from './processes.mjs';
import { framesPerRead, valuesOf } from './results.mjs';
import { roster, rosterOf } from './roster.mjs';
import { table } from './table.mjs';
import { workloads } from './workloads.mjs';

const flags = parseFlags(process.argv.slice(2));
const nodeMajor = Number(process.versions.node.split('.')[0]);
const base = roster[0].name;

if (!existsSync(new URL('../packages/provider-vercel/dist/index.js', import.meta.url))) {
  process.stderr.write('The packages are not built: `npm run build` in the folder above.\n');
  process.exit(1);
}

const all = workloads(flags);
const selected = all.filter(({ name }) => flags.only?.some((start) => name.startsWith(start)) ?? true);
const entries = [...roster, ...flags.beside.flatMap(rosterOf)].filter(
  ({ name, file, minimumNode }) =>
    nodeMajor >= minimumNode && (name === base || (flags.clients?.includes(file) ?? true)),
);
if (selected.length === 0) {
  process.stderr.write(`--only fits none of: ${all.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

/**
 * Enough calls for all code to be compiled, on machines of any speed, and time for it to be done aside. Short calls run
 * through much code: it takes tens of thousands of them.
 * @param {import('./workloads.mjs').Workload['what']} what
 * @param {import('./upstream.mjs').Shape} shape
 */
function warmUpFor(what, { chunks, framesPerWrite }) {
  if (what === 'cold' || what === 'memory') return { warmUpMs: 0, warmUpCalls: 0 };
  const share = flags.isQuick ? 0.5 : 1;
  return framesPerWrite === undefined
    ? { warmUpMs: 3_000 * share, warmUpCalls: 40_000 * share }
    : { warmUpMs: 1_500 * share, warmUpCalls: (400_000 * share) / chunks };
}

/**
 * @param {import('./workloads.mjs').Workload} workload
 * @param {readonly import('./roster.mjs').Entry[]} clients
 * @param {(clients: readonly import('./processes.mjs').MeasuredClient[]) => Promise<void>} use
 */
async function withClients({ what, parallel, shape, warmUpShape, turns, calls }, clients, use) {
  const upstream = await startUpstream(shape);
  const warmUpUpstream = warmUpShape === undefined ? undefined : await startUpstream(warmUpShape);
  const profile = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(flags.profile)}`];
  const started = [];
  try {
    // One after the other: they share a core.
    for (const { file, folder } of clients) {
      const task = {
        client: file,
        ...(folder === undefined ? {} : { folder }),
        origin: upstream.origin,
        ...(warmUpUpstream === undefined ? {} : { warmUpOrigin: warmUpUpstream.origin }),
        what,
        delivery: shape.framesPerWrite === undefined ? /** @type {const} */ ('whole') : /** @type {const} */ ('stream'),
        chunks: shape.chunks,
        parallel,
        ...warmUpFor(what, shape),
        measureMs: (flags.isQuick ? 800 : 1_500) / turns,
        calls,
      };
      started.push(await startClient(task, profile));
    }
    await use(started);
  } finally {
    await Promise.all([...started.map((client) => client.stop()), upstream.stop(), warmUpUpstream?.stop()]);
  }
}

/** @template T @param {readonly T[]} list @param {number} by */
const rotated = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];

/** @type {import('./results.mjs').Result[]} */
const results = selected.map((workload) => ({ workload, figures: new Map(), introductions: new Map() }));
for (let round = 0; round < flags.rounds; round += 1) {
  for (const { workload, figures, introductions } of results) {
    process.stderr.write(`bench: round ${round + 1} of ${flags.rounds}: ${workload.name}\n`);
    const fit = entries.filter(({ isQuickReader }) => isQuickReader || !workload.isBusy);
    // Nobody is always the first.
    const order = rotated(fit, round);
    // What a first start reads from disk is nobody's cost.
    if (workload.what === 'cold' && round === 0) await withClients(workload, order, async () => {});
    await withClients(workload, order, async (clients) => {
      const waiting = clients.map((client, place) => ({ client, name: order[place]?.name ?? '' }));
      for (const { client, name } of waiting) {
        introductions.set(name, [...(introductions.get(name) ?? []), client.introduction]);
      }
      for (let turn = 0; turn < workload.turns; turn += 1) {
        for (const { client, name } of rotated(waiting, turn)) {
          figures.set(name, [...(figures.get(name) ?? []), await client.measure()]);
        }
      }
    });
  }
}

/** @param {string} client */
const versionOf = (client) =>
  results.map(({ introductions }) => introductions.get(client)?.[0]?.version).find(Boolean) ?? '–';
const machine = {
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  cpu: `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores`,
  isPinned,
  rounds: flags.rounds,
  isQuick: flags.isQuick,
  versions: Object.fromEntries(entries.map(({ name }) => [name, versionOf(name)])),
};
const limits = checkLimits(results, base, nodeMajor);

const versions = entries.map(({ name, label }) =>
  name === base ? `undici ${versionOf(name)}` : `${label} ${versionOf(name)}`,
);
process.stdout.write(
  [
    `\n${machine.date}, Node ${machine.node}, ${versions.join(', ')}`,
    `${machine.cpu}, ${isPinned ? 'pinned' : 'not pinned'}, rounds: ${machine.rounds}${machine.isQuick ? ', quick' : ''}`,
    `\n${table(results, entries)}\n`,
    'First column: the base. Others: ratio to it, median of the turns / best turn against best turn.\n',
    ...limits.map(
      ({ title, limit, median, isMet, isComparable }) =>
        `${isMet ? 'met    ' : isComparable ? 'NOT MET' : 'UNCLEAR'} ${median.toFixed(2)} <= ${limit}  ${title}`,
    ),
    '',
  ].join('\n'),
);

if (flags.json !== undefined) {
  const measured = results.map((result) => ({
    name: result.workload.name,
    title: result.workload.title,
    unit: result.workload.unit,
    clients: Object.fromEntries(
      [...result.figures.keys()].map((client) => {
        const frames = framesPerRead(result, client);
        return [
          client,
          { values: valuesOf(result, client), ...(Number.isNaN(frames) ? {} : { framesPerRead: frames }) },
        ];
      }),
    ),
  }));
  writeFileSync(flags.json, `${JSON.stringify({ ...machine, measured, limits }, null, 2)}\n`);
}
if (flags.isCheck && limits.some(({ isMet }) => !isMet)) process.exitCode = 1;
