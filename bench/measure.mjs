// One client in a process of its own. `node measure.mjs '<task as JSON>'` warms it up and prints what it is as JSON; then it
// prints a figure for every line that it reads, and ends with its standard input.
import { Socket } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Duplex } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { textOf } from './answers.mjs';

/**
 * @typedef {object} Answer
 * @property {string} text
 * @property {number} chunks pieces of text the caller saw; 1 for a whole answer
 * @property {string} finish
 * @property {number | undefined} outputTokens
 *
 * @typedef {object} Client
 * @property {() => string} version
 * @property {() => Promise<Answer>} whole
 * @property {(onFirst: () => void) => Promise<Answer>} stream calls `onFirst` with the first piece of text
 * @property {() => Promise<unknown>} close
 *
 * @typedef {(origin: string, folder: URL) => Promise<Client>} Connect
 *
 * @typedef {object} Task
 * @property {string} client file name in clients/
 * @property {string} [folder] of the checkout whose packages are measured. Default: this one
 * @property {string} origin of the upstream
 * @property {string} [warmUpOrigin] of a faster upstream with the same answers, for a client of its own before the measured one
 * @property {'cpu' | 'first' | 'memory' | 'cold'} what
 * @property {'whole' | 'stream'} delivery
 * @property {number} chunks content frames of one answer
 * @property {number} parallel calls at one time
 * @property {number} warmUpMs at least
 * @property {number} warmUpCalls at least
 * @property {number} measureMs of one turn
 * @property {number} calls for memory: how many
 *
 * @typedef {object} Introduction
 * @property {string} version of the client
 * @property {number} [framesPerRead] median
 *
 * @typedef {object} Figure
 * @property {number} value µs of CPU per answer or chunk; ms to the first chunk; MiB; ms from import to first answer
 */

const startedAt = performance.now();
/** @type {Task} */
const task = JSON.parse(process.argv[2] ?? '');
const expectedText = textOf(task.chunks);

/** @param {Answer} answer */
function verify({ text, chunks, finish, outputTokens }) {
  const expectedChunks = task.delivery === 'stream' ? task.chunks : 1;
  if (text === expectedText && chunks === expectedChunks && finish === 'stop' && outputTokens === task.chunks) return;
  const seen = `${text.length} characters, ${chunks} chunks, finish "${finish}", ${outputTokens} tokens`;
  throw new Error(`${task.client} did not read the answer that was sent: ${seen}`);
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const ignore = () => {};

/** @param {Client} client @param {() => void} onFirst */
const one = async (client, onFirst) =>
  verify(await (task.delivery === 'stream' ? client.stream(onFirst) : client.whole()));

/**
 * Keeps `parallel` calls going, each lane one after the other, and resolves to how many it made.
 * @param {() => Promise<void>} call
 * @param {() => boolean} goesOn asked after each call
 */
async function lanes(call, goesOn) {
  let calls = 0;
  const lane = async () => {
    do {
      calls += 1;
      await call();
    } while (goesOn());
  };
  await Promise.all(Array.from({ length: task.parallel }, lane));
  return calls;
}

/** @param {number} ms */
const during = (ms) => {
  const end = performance.now() + ms;
  return () => performance.now() < end;
};

/** @param {Client} client */
async function cpu(client) {
  // What rested while others had their turn is cold, and its memory may have been taken away.
  await lanes(() => one(client, ignore), during(task.measureMs / 4));
  const before = process.cpuUsage();
  const calls = await lanes(() => one(client, ignore), during(task.measureMs));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (task.delivery === 'stream' ? calls * task.chunks : calls);
}

/**
 * Frames that came with one network read, in a round of its own so that counting costs the measurement nothing.
 * @param {Client} client
 */
async function framesPerRead(client) {
  /** @type {number[]} */
  const counts = [];
  /** @this {Socket} @param {Buffer | null} bytes @param {BufferEncoding} [encoding] */
  Socket.prototype.push = function counted(bytes, encoding) {
    if (bytes !== null) {
      let count = 0;
      for (let at = bytes.indexOf('data: '); at !== -1; at = bytes.indexOf('data: ', at + 6)) count += 1;
      counts.push(count);
    }
    return Duplex.prototype.push.call(this, bytes, encoding);
  };
  await lanes(
    () => one(client, ignore),
    () => false,
  );
  Reflect.deleteProperty(Socket.prototype, 'push');
  return median(counts);
}

/** @param {Client} client */
async function first(client) {
  /** @type {number[]} */
  const times = [];
  await lanes(async () => {
    const sentAt = performance.now();
    await one(client, () => times.push(performance.now() - sentAt));
  }, during(task.measureMs));
  return median(times);
}

/** @param {Client} client */
async function memory(client) {
  let left = task.calls - task.parallel;
  await lanes(
    () => one(client, ignore),
    () => left-- > 0,
  );
  return process.resourceUsage().maxRSS / 1024;
}

/** @type {{ connect: Connect }} */
const { connect } = await import(`./clients/${task.client}.mjs`);
const folder = pathToFileURL(`${task.folder ?? fileURLToPath(new URL('..', import.meta.url))}/`);

/** @param {string} origin */
async function warmedUp(origin) {
  const client = await connect(origin, folder);
  const isEarly = during(task.warmUpMs);
  let left = task.warmUpCalls;
  await lanes(
    () => one(client, ignore),
    () => --left > 0 || isEarly(),
  );
  return client;
}

if (task.warmUpOrigin !== undefined) {
  const forerunner = await warmedUp(task.warmUpOrigin);
  await forerunner.close();
}
const client = await warmedUp(task.origin);
const firstAnswerMs = performance.now() - startedAt;

const figureOf = {
  cpu: () => cpu(client),
  first: () => first(client),
  memory: () => memory(client),
  cold: () => firstAnswerMs,
};

/** @param {Introduction | Figure} line */
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

print({
  version: client.version(),
  ...(task.what === 'cpu' && task.delivery === 'stream' ? { framesPerRead: await framesPerRead(client) } : {}),
});
for await (const _ of createInterface({ input: process.stdin })) print({ value: await figureOf[task.what]() });
await client.close();
process.exit();
