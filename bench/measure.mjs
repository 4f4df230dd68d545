// One measurement of one client, in a process of its own: `node measure.mjs '<task as JSON>'` prints the figures as JSON.
import { Socket } from 'node:net';
import process from 'node:process';
import { Duplex } from 'node:stream';
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
 * @typedef {(origin: string) => Promise<Client>} Connect
 *
 * @typedef {object} Task
 * @property {string} client file name in clients/
 * @property {string} origin of the upstream
 * @property {string} [warmUpOrigin] of a faster upstream with the same answers, for a client of its own before the measured one
 * @property {'cpu' | 'first' | 'memory' | 'cold'} what
 * @property {'whole' | 'stream'} delivery
 * @property {number} chunks content frames of one answer
 * @property {number} parallel calls at one time
 * @property {number} warmUpMs
 * @property {number} measureMs
 * @property {number} calls for memory: how many
 *
 * @typedef {object} Figures
 * @property {number} value µs of CPU per answer or chunk; ms to the first chunk; MiB; ms from import to first answer
 * @property {string} version of the client
 * @property {number} [framesPerRead] median
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
  const call = () => one(client, ignore);
  await lanes(call, during(task.warmUpMs));
  const before = process.cpuUsage();
  const calls = await lanes(call, during(task.measureMs));
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
  const call = async () => {
    const sentAt = performance.now();
    await one(client, () => times.push(performance.now() - sentAt));
  };
  await lanes(call, during(task.warmUpMs));
  times.length = 0;
  await lanes(call, during(task.measureMs));
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
if (task.warmUpOrigin !== undefined) {
  const forerunner = await connect(task.warmUpOrigin);
  await lanes(() => one(forerunner, ignore), during(task.warmUpMs));
  await forerunner.close();
}
const client = await connect(task.origin);
/** @type {Figures} */
const figures = { value: 0, version: '' };
switch (task.what) {
  case 'cpu':
    figures.value = await cpu(client);
    if (task.delivery === 'stream') figures.framesPerRead = await framesPerRead(client);
    break;
  case 'first':
    figures.value = await first(client);
    break;
  case 'memory':
    figures.value = await memory(client);
    break;
  case 'cold':
    await one(client, ignore);
    figures.value = performance.now() - startedAt;
}
figures.version = client.version();
process.stdout.write(`${JSON.stringify(figures)}\n`);
await client.close();
process.exit();
