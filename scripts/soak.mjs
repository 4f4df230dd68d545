// Ten thousand finished, failed and aborted calls each: what is left of them afterwards must be nothing, and the heap
// must not have grown with them. Runs against the compiled packages; needs --expose-gc.
import { fork } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createGateway } from '../packages/core/dist/index.js';
import { vercel } from '../packages/provider-vercel/dist/index.js';

const CALLS = 10_000;
const PARALLEL = 16;
const SAMPLE_EVERY = 500;
const MOST_BYTES_A_CALL = 100;

const collectGarbage = /** @type {() => void} */ (globalThis.gc);

/** @returns {Promise<{ url: string, stop: () => void }>} */
const startUpstream = () =>
  new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'soak-upstream.mjs'), { execArgv: [] });
    child.once('error', reject);
    child.once('message', (/** @type {{ port: number }} */ { port }) => {
      resolve({ url: `http://127.0.0.1:${port}/v1`, stop: () => child.disconnect() });
    });
  });

/** Least squares: bytes a call. @param {readonly { calls: number, bytes: number }[]} samples */
const slopeOf = (samples) => {
  const mean = (/** @type {readonly number[]} */ values) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(samples.map(({ calls }) => calls)), mean(samples.map(({ bytes }) => bytes))];
  const above = samples.reduce((sum, { calls, bytes }) => sum + (calls - x) * (bytes - y), 0);
  return above / samples.reduce((sum, { calls }) => sum + (calls - x) ** 2, 0);
};

const settledHeap = async () => {
  // Two rounds with a turn of the event loop between them: what finalizers free goes as well.
  collectGarbage();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

/** @typedef {import('../packages/core/dist/index.js').Gateway} Gateway */

const shared = new AbortController();

/** @type {Record<string, (gateway: Gateway) => Promise<void>>} */
const kinds = {
  finish: async (gateway) => {
    const stream = gateway.stream({ model: 'vercel:openai/gpt-4.1-nano', prompt: 'finish', signal: shared.signal });
    let text = '';
    for await (const piece of stream.text()) text += piece;
    if (text !== 'one two' || (await stream.receipt).outcome !== 'complete') throw new Error(`not whole: ${text}`);
  },
  fail: async (gateway) => {
    const options = { model: 'vercel:openai/gpt-4.1-nano', prompt: 'fail', signal: shared.signal };
    const error = await gateway.complete(options).then(
      () => undefined,
      (reason) => reason,
    );
    if (error?.code !== 'overloaded' || error.receipt.attempts.length !== 2)
      throw new Error('not the expected failure', { cause: error });
  },
  abort: async (gateway) => {
    const controller = new AbortController();
    const stream = gateway.stream({ model: 'vercel:openai/gpt-4.1-nano', prompt: 'abort', signal: controller.signal });
    try {
      for await (const piece of stream.text()) if (piece !== '') controller.abort('enough');
    } catch (error) {
      if (error !== 'enough') throw error;
      if ((await stream.receipt).outcome !== 'cancelled') throw new Error('not cancelled', { cause: error });
      if (getEventListeners(controller.signal, 'abort').length > 0)
        throw new Error('a listener is left', { cause: error });
      return;
    }
    throw new Error('the abort was lost');
  },
};

/** @param {Gateway} gateway @param {(gateway: Gateway) => Promise<void>} call @param {number} count */
const run = async (gateway, call, count) => {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await call(gateway);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
};

/** What keeps a process alive, without what was there before. @param {readonly string[]} before */
const leftOver = (before) => {
  const resources = process.getActiveResourcesInfo();
  for (const one of before) {
    const index = resources.indexOf(one);
    if (index >= 0) resources.splice(index, 1);
  }
  return resources;
};

/**
 * The growth of the heap over the last half of the calls, and what it was in the end.
 * @param {Gateway} gateway @param {(gateway: Gateway) => Promise<void>} call
 */
const measure = async (gateway, call) => {
  const samples = [];
  for (let calls = SAMPLE_EVERY; calls <= CALLS; calls += SAMPLE_EVERY) {
    await run(gateway, call, SAMPLE_EVERY);
    samples.push({ calls, bytes: await settledHeap() });
  }
  return { slope: slopeOf(samples.filter(({ calls }) => calls > CALLS / 2)), heap: samples.at(-1)?.bytes ?? 0 };
};

let unhandled = 0;
process.on('unhandledRejection', () => {
  unhandled += 1;
});

const upstream = await startUpstream();
const before = process.getActiveResourcesInfo();
/** @type {string[]} */
const faults = [];
for (const [kind, call] of Object.entries(kinds)) {
  const gateway = createGateway({
    providers: [vercel({ apiKey: 'vck_soak', baseUrl: upstream.url })],
    retry: { maxAttempts: 2, baseDelayMs: 0 },
  });
  const { slope, heap } = await measure(gateway, call);
  const listeners = getEventListeners(shared.signal, 'abort').length;
  await gateway.dispose();
  // Sockets destroyed by dispose report their close in the next turns of the event loop.
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const resources = leftOver(before);
  if (slope >= MOST_BYTES_A_CALL) faults.push(`${kind}: the heap grows by ${slope.toFixed(0)} bytes a call`);
  if (listeners > 0) faults.push(`${kind}: ${listeners} listeners are left on the caller's signal`);
  if (resources.length > 0) faults.push(`${kind}: left after dispose: ${resources.join(', ')}`);
  process.stdout.write(
    `${kind}: ${CALLS} calls, ${slope.toFixed(1)} bytes a call over the last half, heap ${(heap / 2 ** 20).toFixed(1)} MiB, left ${resources.length}\n`,
  );
}
upstream.stop();
if (unhandled > 0) faults.push(`${unhandled} unhandled rejections`);
for (const fault of faults) process.stderr.write(`soak: ${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
