// The compiled command as its users meet it: a process of its own, with pipes of the system and signals.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import { startVercelEmulator } from '../packages/vercel-emulator/dist/index.js';
import { root } from './workspace.mjs';

/** @typedef {import('node:stream').Readable} Readable */

const LIMIT_MS = 10_000;
const MAIN = join(root, 'packages/cli/dist/main.js');
const LONG = 'Write 2000 words about rivers.';

// Neither a shell of this kind nor SIGINT from another process exists on Windows.
const posixIt = process.platform === 'win32' ? it.skip : it;

// Words come slowly enough that an exit long before the last of them was not the end of the answer.
const emulator = await startVercelEmulator({ tokensPerSecond: 200 });
const toEmulator = ['--base-url', emulator.baseUrl];
const KEY = { AI_GATEWAY_API_KEY: 'vck_key-canary-of-the-command' };

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});
afterAll(() => emulator.close());

/**
 * Nothing of this machine's environment but what starting a process takes: no keys, proxies or colours.
 * @param {Record<string, string>} variables
 */
const environment = (variables) =>
  Object.fromEntries(
    Object.entries({ PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], ...variables }).filter(
      ([, value]) => value !== undefined,
    ),
  );

/** @param {Readable} stream */
const textOf = async (stream) => {
  let text = '';
  for await (const piece of stream.setEncoding('utf8')) text += piece;
  // Whatever a command prints, wherever: not the key it was given.
  expect(text).not.toContain('key-canary');
  return text;
};

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} variables
 */
const start = (command, args, variables) => {
  // The types of Node know such a child with three streams only.
  const child = /** @type {import('node:child_process').ChildProcess & { stdout: Readable, stderr: Readable }} */ (
    spawn(command, args, {
      // A folder without a project: no `.vercel` of a checkout is found there.
      cwd: tmpdir(),
      env: environment(variables),
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
  );
  children.add(child);
  void once(child, 'close').then(() => children.delete(child));
  return child;
};

/**
 * `headrace` between two programs in a shell. Node's own `stdio: 'pipe'` is a socket; a shell makes pipes.
 * @param {string} pipeline with `headrace` for the command and its arguments
 * @param {readonly string[]} args
 * @param {Record<string, string>} [variables]
 */
const inShell = async (pipeline, args, variables = {}) => {
  // A pipeline exits as its last program does: the exit code of the command comes by a way of its own.
  const script = `headrace() { "$@"; echo $? >&3; }\n${pipeline.replace('headrace', 'headrace "$@"')}`;
  const child = start('/bin/sh', ['-c', script, 'sh', process.execPath, MAIN, ...args], variables);
  const exit = /** @type {Readable} */ (child.stdio[3]);
  const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), textOf(exit)]);
  return { stdout, stderr, code: Number(code) };
};

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} [variables]
 */
const run = async (args, variables = {}) => {
  const child = start(process.execPath, [MAIN, ...args], variables);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { stdout, stderr, code: (await closed)[0] };
};

posixIt(
  'answers a prompt from a pipe into a pipe, and says nothing else',
  async () => {
    const args = ['complete', '--emulator'];
    const { stdout, stderr, code } = await inShell('echo Say exactly: pong | headrace | cat', args);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/emulated answer[\s\S]*pong\n$/);
  },
  LIMIT_MS,
);

posixIt(
  'puts what is piped in after the words of the command line',
  async () => {
    const args = ['complete', ...toEmulator, 'Say', 'exactly:'];
    expect(await inShell('echo ping | headrace | cat', args, KEY)).toMatchObject({ stderr: '', code: 0 });
    expect(emulator.requests.at(-1)?.body).toMatchObject({
      messages: [{ role: 'user', content: 'Say exactly:\n\nping\n' }],
    });
  },
  LIMIT_MS,
);

it(
  'writes one exchange down as a fixture, and replays it',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headrace-recorded-'));
    try {
      const prompt = 'a prompt that no file may hold';
      const args = ['complete', ...toEmulator, '--record', folder, prompt];
      const { stdout, stderr, code } = await run(args, KEY);
      const file = join(folder, 'exchange-001.json');
      expect({ stderr, code }).toEqual({ stderr: `${file}  200\n`, code: 0 });
      expect(readdirSync(folder)).toEqual(['exchange-001.json']);
      const written = readFileSync(file, 'utf8');
      expect(written).not.toMatch(/key-canary|a prompt that no file/);
      const { format, answer } = JSON.parse(written);
      expect({ format, status: answer.status, end: answer.end }).toEqual({
        format: 'headrace-exchange',
        status: 200,
        end: 'finished',
      });
      const replay = start(process.execPath, [MAIN, 'replay', file, '--json'], {});
      const closed = once(replay, 'close');
      const [line] = await once(replay.stdout.setEncoding('utf8'), 'data');
      const again = await run(['complete', '--base-url', JSON.parse(line).url, prompt], KEY);
      // What the answer quotes of the prompt is taken out with it.
      expect(again).toEqual({ stdout: stdout.replaceAll(prompt, '*'.repeat(prompt.length)), stderr: '', code: 0 });
      replay.kill('SIGTERM');
      replay.stdout.resume();
      replay.stderr.resume();
      await closed;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  LIMIT_MS,
);

posixIt(
  'closes the upstream on SIGINT in the middle of an answer, and exits with 130',
  async () => {
    const child = start(process.execPath, [MAIN, 'complete', ...toEmulator, LONG], KEY);
    const closed = once(child, 'close');
    const stderr = textOf(child.stderr);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    child.stdout.resume();
    expect(await closed).toEqual([130, null]);
    expect(await stderr).toBe('headrace: stopped by Ctrl-C; the text above is not whole\n');
    const request = emulator.requests.at(-1);
    await request?.settled;
    expect(request).toMatchObject({ status: 200, closedEarly: true });
  },
  LIMIT_MS,
);

posixIt(
  'exits quietly and closes the upstream when the reader of its answer goes away',
  async () => {
    const args = ['complete', ...toEmulator, LONG];
    const { stdout, stderr, code } = await inShell('headrace | head -c 10', args, KEY);
    expect({ stdout: stdout.length, stderr, code }).toEqual({ stdout: 10, stderr: '', code: 0 });
    const request = emulator.requests.at(-1);
    await request?.settled;
    expect(request).toMatchObject({ status: 200, closedEarly: true });
  },
  LIMIT_MS,
);

posixIt(
  'serves the emulator to other programs until it is interrupted',
  async () => {
    const child = start(process.execPath, [MAIN, 'emulate', '--port', '0', '--json'], {});
    const closed = once(child, 'close');
    const stderr = textOf(child.stderr);
    // The document comes in one write, so in one read.
    const place = JSON.parse(String((await once(child.stdout, 'data'))[0]));
    const { stdout, code } = await run(['complete', '--base-url', place.baseUrl, 'Say exactly: pong'], {
      AI_GATEWAY_API_KEY: place.apiKey,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/pong\n$/) });
    child.kill('SIGINT');
    child.stdout.resume();
    expect(await closed).toEqual([130, null]);
    const log = await stderr;
    expect(log).toMatch(/^POST {2}\/v1\/chat\/completions {2}openai\/gpt-6-luna {2}200 {2}\d+ ms$/m);
    expect(log).toMatch(/^headrace: stopped after \d+ requests?\n$/m);
    expect(log).not.toMatch(/pong|vck_/);
  },
  LIMIT_MS,
);

it(
  'exits with 2 for an unknown model, says which was meant, and sends no prompt',
  async () => {
    const before = emulator.requests.length;
    const args = ['complete', ...toEmulator, '--model', 'openai/gpt-6-lunar', 'Hello'];
    expect(await run(args, KEY)).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        'headrace: The provider "vercel" has no model "openai/gpt-6-lunar". Did you mean "openai/gpt-6-luna"?',
        '  code     model-not-found',
        '  to do    headrace models --filter TEXT finds the right id.',
        '',
      ].join('\n'),
    });
    const asked = emulator.requests.slice(before).map(({ path }) => path);
    expect(asked).not.toContain('/v1/chat/completions');
  },
  LIMIT_MS,
);

it(
  'exits with 3 without a key, and says where one is looked for',
  async () => {
    const { code, stdout, stderr } = await run(['complete', ...toEmulator, 'Hello']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^headrace: .*AI_GATEWAY_API_KEY/);
    expect(stderr).toContain('missing-credential (credential)');
    expect(stderr).not.toMatch(/^\s+at /m);
  },
  LIMIT_MS,
);
