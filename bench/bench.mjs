// Runs all measurements, interleaved: every round measures every client once, each time in a fresh process.
import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';
import { parseFlags } from './flags.mjs';
import { checkLimits } from './limits.mjs';
import { isPinned, measure, startUpstream } from './processes.mjs';
import { framesPerRead, valuesOf } from './results.mjs';
import { roster } from './roster.mjs';
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
const entries = roster.filter(
  ({ name, minimumNode }) => nodeMajor >= minimumNode && (name === base || (flags.clients?.includes(name) ?? true)),
);
if (selected.length === 0) {
  process.stderr.write(`--only fits none of: ${all.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

/**
 * @param {import('./workloads.mjs').Workload} workload
 * @param {string} client
 */
async function measureOnce({ what, parallel, shape, warmUpShape, calls }, client) {
  const upstream = await startUpstream(shape);
  const warmUpUpstream = warmUpShape === undefined ? undefined : await startUpstream(warmUpShape);
  try {
    const profile = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(flags.profile)}`];
    const task = {
      client,
      origin: upstream.origin,
      ...(warmUpUpstream === undefined ? {} : { warmUpOrigin: warmUpUpstream.origin }),
      what,
      delivery: shape.framesPerWrite === undefined ? /** @type {const} */ ('whole') : /** @type {const} */ ('stream'),
      chunks: shape.chunks,
      parallel,
      // Short calls run through much code: it takes thousands of them until all of it is compiled.
      warmUpMs: (flags.isQuick ? 700 : 1_500) * (shape.framesPerWrite === undefined ? 2 : 1),
      measureMs: flags.isQuick ? 800 : 1_500,
      calls,
    };
    return await measure(task, profile);
  } finally {
    await Promise.all([upstream.stop(), warmUpUpstream?.stop()]);
  }
}

/** @type {import('./results.mjs').Result[]} */
const results = selected.map((workload) => ({ workload, figures: new Map() }));
for (let round = 0; round < flags.rounds; round += 1) {
  for (const { workload, figures } of results) {
    process.stderr.write(`bench: round ${round + 1} of ${flags.rounds}: ${workload.name}\n`);
    const fit = entries.filter(({ isQuickReader }) => isQuickReader || !workload.isBusy);
    // Nobody is always the first.
    const order = [...fit.slice(round % fit.length), ...fit.slice(0, round % fit.length)];
    for (const { name } of order) {
      // What a first start reads from disk is nobody's cost.
      if (workload.what === 'cold' && round === 0) await measureOnce(workload, name);
      const figure = await measureOnce(workload, name);
      figures.set(name, [...(figures.get(name) ?? []), figure]);
    }
  }
}

/** @param {string} client */
const versionOf = (client) => results.map(({ figures }) => figures.get(client)?.[0]?.version).find(Boolean) ?? '–';
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
    'First column: the base. Others: ratio to it, median of the rounds / best round against best round.\n',
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
