import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, sse, startUpstream, status, text, write } from '@headrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeIo, fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';

const KEY = 'sk-that-no-file-may-hold-77';
const OTHER = 'tenant-that-no-file-may-hold';
const PROMPT = 'a prompt that no file may hold';

const running: { io: FakeIo; ended: Promise<number> }[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-record-'));
});

afterEach(async () => {
  for (const { io, ended } of running.splice(0)) {
    io.signals.emit('SIGTERM');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

const start = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const io = fakeIo({ env });
  const ended = run([...args, '--json'], io);
  running.push({ io, ended });
  await io.stdout.seen('}\n');
  const { url } = JSON.parse(io.stdout.text) as { url: string };
  return { io, ended, url };
};

const ask = async (url: string): Promise<string> => {
  const response = await fetch(`${url}/v1/chat?key=${KEY}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'x-tenant': OTHER },
    body: JSON.stringify({ model: 'm', prompt: PROMPT }),
  });
  return response.text();
};

describe('headrace record and headrace replay', () => {
  it('write what a provider answers without keys and prompts, and give it once more', async () => {
    await using upstream = await startUpstream(
      [sse({ said: 'one' }), sse({ echo: `${KEY} ${OTHER} ${PROMPT}` })],
      [sse({ said: 'two' })],
    );
    const out = join(folder, 'fixtures');
    const { io, url } = await start(['record', '--target', upstream.url, '--out', out, '--secret-env', 'TENANT'], {
      TENANT: OTHER,
    });
    const answers = [await ask(url)];
    await io.stderr.seen('exchange-001.json  200');
    answers.push(await ask(url));
    await io.stderr.seen('exchange-002.json  200');
    expect(answers[0]).toContain(KEY);
    const files = (await readdir(out)).sort().map((name) => join(out, name));
    expect(files).toHaveLength(2);
    for (const file of files) {
      expect(await readFile(file, 'utf8')).not.toMatch(new RegExp(`${KEY}|${OTHER}|${PROMPT}`));
      if (process.platform !== 'win32') expect((await stat(file)).mode & 0o077).toBe(0);
    }
    expect(io.stdout.text + io.stderr.text).not.toMatch(new RegExp(`${KEY}|${OTHER}|${PROMPT}`));

    const replayed = await start(['replay', ...files]);
    const stars = (text: string): string =>
      [KEY, OTHER, PROMPT].reduce((left, secret) => left.replaceAll(secret, '*'.repeat(secret.length)), text);
    expect(await ask(replayed.url)).toBe(stars(answers[0] ?? ''));
    expect(await ask(replayed.url)).toBe(answers[1]);
    // From the beginning, after the last.
    expect(await ask(replayed.url)).toBe(stars(answers[0] ?? ''));
    replayed.io.signals.emit('SIGINT');
    expect(await replayed.ended).toBe(130);
    expect(replayed.io.stderr.text).toBe('headrace: stopped after 3 requests\n');
  });

  it('never overwrites a file', async () => {
    await using upstream = await startUpstream([sse({ said: 'new' })]);
    await writeFile(join(folder, 'exchange-001.json'), 'old');
    const { io, url } = await start(['record', '--target', upstream.url, '--out', folder]);
    await ask(url);
    await io.stderr.seen('exchange-002.json  200');
    expect(await readFile(join(folder, 'exchange-001.json'), 'utf8')).toBe('old');
  });

  it('keeps prompts when it is told to, and keys never', async () => {
    await using upstream = await startUpstream([sse({ echo: KEY })]);
    const { io, url } = await start(['record', '--target', upstream.url, '--out', folder, '--keep-prompts']);
    await ask(url);
    await io.stderr.seen('exchange-001.json  200');
    const written = await readFile(join(folder, 'exchange-001.json'), 'utf8');
    expect(written).toContain(PROMPT);
    expect(written).not.toContain(KEY);
  });

  it('write one call down without a proxy to start by hand, and say nothing of it when they are to be quiet', async () => {
    await using upstream = await startUpstream([text('Hello'), end()], { repeatLast: true });
    for (const more of [[], ['-q']]) {
      const io = fakeIo({ env: { AI_GATEWAY_API_KEY: KEY, AI_GATEWAY_BASE_URL: upstream.url } });
      expect(await run(['complete', '--record', folder, ...more, PROMPT], io)).toBe(0);
      expect(io.stdout.text).toBe('Hello\n');
      expect(io.stderr.text).toBe(more.length === 0 ? `${join(folder, 'exchange-001.json')}  200\n` : '');
    }
    const files = (await readdir(folder)).sort();
    expect(files).toEqual(['exchange-001.json', 'exchange-002.json']);
    for (const file of files)
      expect(await readFile(join(folder, file), 'utf8')).not.toMatch(new RegExp(`${KEY}|${PROMPT}`));
  });

  it('write a call down that fails', async () => {
    await using upstream = await startUpstream([status(401), write('{"error":{"message":"no"}}')]);
    const io = fakeIo({ env: { AI_GATEWAY_API_KEY: KEY } });
    expect(await run(['complete', '--base-url', upstream.url, '--record', folder, PROMPT], io)).toBe(3);
    expect(io.stderr.text).toContain(`${join(folder, 'exchange-001.json')}  401`);
  });

  it.each(['http://other-machine.example', 'ftp://127.0.0.1', 'nonsense'])('send no key to %s', async (url) => {
    for (const [args, env] of [
      [['--base-url', url], {}],
      [[], { AI_GATEWAY_BASE_URL: url }],
    ] as const) {
      const io = fakeIo({ env: { AI_GATEWAY_API_KEY: KEY, ...env } });
      expect(await run(['complete', ...args, '--record', folder, PROMPT], io)).toBe(2);
      expect(io.stderr.text).toContain('invalid-configuration');
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it.each([
    [['complete', '--record', 'x', '--emulator', 'Hi'], '--record and --emulator exclude each other'],
    [['complete', '--record', 'x', '-c', 'f', '-m', 'm', 'Hi'], '--record and -c exclude each other'],
    [['complete', '--record', 'package.json', 'Hi'], '--record names "package.json", which is no folder (EEXIST).'],
    [['record', '--out', 'x'], 'headrace record needs --target.'],
    [['record', '--target', 'https://a.test'], 'headrace record needs --out.'],
    [['record', '--target', 'https://a.test', '--out', 'x', '--port', '-1'], '--port takes a whole number from 0'],
    [['record', '--target', 'https://a.test', '--out', 'x', '--secret-env', 'GONE'], '"GONE", which is not set'],
    [['replay'], 'headrace replay needs a file.'],
    [['replay', '/nowhere/at/all.json'], '"/nowhere/at/all.json" cannot be read (ENOENT).'],
  ])('refuse %j before anything listens', async (args, why) => {
    const io = fakeIo();
    expect(await run(args, io)).toBe(2);
    expect(io.stderr.text).toContain(why);
    expect(io.stdout.text).toBe('');
  });

  it('say what is wrong with a file that is no recording', async () => {
    const file = join(folder, 'other.json');
    await writeFile(file, '{"format":"headrace-exchange","version":9}');
    const io = fakeIo();
    expect(await run(['replay', file], io)).toBe(2);
    expect(io.stderr.text).toContain('its version is 9, and only 1 is known here');
  });
});
