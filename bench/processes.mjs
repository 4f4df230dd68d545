// Starting the upstream and the measured processes: each on a core of its own where `taskset` can pin them.
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const UPSTREAM_CORE = 0;
const MEASURED_CORE = 1;
/** For a client with all its turns and those of the others meanwhile. */
const LIMIT_MS = 300_000;

export const isPinned =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', String(MEASURED_CORE), 'true']).status === 0;

/** @param {number} core @param {readonly string[]} nodeFlags @param {string} script @param {object} task */
function startNode(core, nodeFlags, script, task) {
  const node = [...nodeFlags, fileURLToPath(new URL(script, import.meta.url)), JSON.stringify(task)];
  const [command, args] = isPinned
    ? ['taskset', ['-c', String(core), process.execPath, ...node]]
    : [process.execPath, node];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  child.stdin.on('error', () => {});
  return child;
}

/**
 * @param {import('./upstream.mjs').Shape} shape
 * @returns {Promise<{ origin: string, stop: () => Promise<void> }>}
 */
export async function startUpstream(shape) {
  const child = startNode(UPSTREAM_CORE, [], './upstream.mjs', shape);
  const closed = new Promise((resolve) => child.once('close', resolve));
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (/** @type {string} */ text) => resolve(text.trim()));
    child.once('error', reject);
    child.once('close', () => reject(new Error('the upstream did not start')));
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.stdin.end();
      await closed;
    },
  };
}

/**
 * A client that is warm and waits.
 * @typedef {object} MeasuredClient
 * @property {import('./measure.mjs').Introduction} introduction
 * @property {() => Promise<number>} measure one turn
 * @property {() => Promise<void>} stop
 */

/**
 * @param {import('./measure.mjs').Task} task
 * @param {readonly string[]} nodeFlags
 * @returns {Promise<MeasuredClient>}
 */
export async function startClient(task, nodeFlags) {
  const child = startNode(MEASURED_CORE, nodeFlags, './measure.mjs', task);
  const limit = setTimeout(() => child.kill(), LIMIT_MS);
  const closed = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  }).finally(() => clearTimeout(limit));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { value, done } = await lines.next();
    if (done !== true) return JSON.parse(value);
    throw new Error(`${task.client} failed (${await closed}) at ${JSON.stringify(task)}`);
  };
  return {
    introduction: await nextLine(),
    async measure() {
      child.stdin.write('measure\n');
      const { value } = await nextLine();
      return value;
    },
    async stop() {
      child.stdin.end();
      await closed;
    },
  };
}
