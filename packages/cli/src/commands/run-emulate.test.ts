import { afterEach, describe, expect, it } from '@jest/globals';
import { Captured, type FakeIo, fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';

const PROMPT = 'a prompt that no log may show';
const KEY = 'vck_a_key_that_no_log_may_show';

const running: { io: FakeIo; ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { io, ended } of running.splice(0)) {
    io.signals.emit('SIGTERM');
    await ended;
  }
});

const start = (args: readonly string[]) => {
  const io = fakeIo();
  const ended = run(['emulate', '--port', '0', ...args], io);
  running.push({ io, ended });
  return { io, ended };
};

const startJson = async (...args: string[]) => {
  const { io, ended } = start(['--json', ...args]);
  await io.stdout.seen('}\n');
  const place = JSON.parse(io.stdout.text) as { url: string; baseUrl: string; apiKey: string | null };
  return { io, ended, place };
};

const ask = (baseUrl: string, key = KEY, more: object = {}): Promise<Response> =>
  fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'openai/gpt-4.1-nano',
      messages: [{ role: 'user', content: PROMPT }],
      ...more,
    }),
  });

describe('headrace emulate', () => {
  it('says where it is and how clients are sent there, and what it says is true', async () => {
    const { io } = start([]);
    await io.stdout.seen('Ctrl-C');
    const variable = (name: string): string => new RegExp(`export ${name}=(\\S+)`).exec(io.stdout.text)?.[1] ?? '';
    const url = variable('AI_GATEWAY_BASE_URL');
    expect(io.stdout.text).toContain(`base URL  ${url}/v1`);
    const native = ['v4', 'v3', 'v1'].map((generation) => `${url}/${generation}/ai`);
    expect(io.stdout.text).toContain(`${native[0]} for the AI SDK 7; /v3/ai for 6, /v1/ai for 5`);
    const authorization = `Bearer ${variable('AI_GATEWAY_API_KEY')}`;
    for (const base of native) {
      expect((await fetch(`${base}/config`, { headers: { authorization } })).status).toBe(200);
    }
    expect(io.stdout.text).toContain(`curl ${url}/v1/chat/completions -H 'authorization: Bearer vck_emulator'`);
    const body = /-d '(.*)'/.exec(io.stdout.text)?.[1] ?? '';
    const response = await ask(`${url}/v1`, variable('AI_GATEWAY_API_KEY'), JSON.parse(body) as object);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('chat.completion')]);
    for (const line of io.stdout.text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(io.stdout.text).not.toContain('\u001b');
  });

  it('has one line for a request: method, path, model, status and time, and neither key nor prompt', async () => {
    const { io, place } = await startJson();
    await (await ask(place.baseUrl)).text();
    await io.stderr.seen('200');
    await (await fetch(`${place.url}/v1/nowhere?key=${KEY}`)).text();
    await io.stderr.seen('404');
    await (await ask(place.baseUrl, KEY, { model: 'x/\u001b[31m\nred' })).text();
    await io.stderr.seen('red');
    const lines = io.stderr.text.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^POST {2}\/v1\/chat\/completions {2}openai\/gpt-4\.1-nano {2}200 {2}\d+ ms$/),
      expect.stringMatching(/^GET {3}\/v1\/nowhere {2}- {2}404 {2}\d+ ms$/),
      expect.stringMatching(/^POST {2}\/v1\/chat\/completions {2}x\/ red {2}404 {2}\d+ ms$/),
    ]);
    expect(io.stdout.text + io.stderr.text).not.toMatch(new RegExp(`${KEY}|${PROMPT}`));
  });

  it('says nothing more with --quiet', async () => {
    const { io, ended, place } = await startJson('--quiet');
    await (await ask(place.baseUrl)).text();
    io.signals.emit('SIGINT');
    await expect(ended).resolves.toBe(130);
    expect(io.stderr.text).toBe('');
  });

  it('accepts only the keys that are given, and does not show them', async () => {
    const { place, io } = await startJson('--key', KEY, '--key', 'another');
    expect(place.apiKey).toBeNull();
    const statuses = await Promise.all([
      ask(place.baseUrl),
      ask(place.baseUrl, 'another'),
      ask(place.baseUrl, 'vck_x'),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 401]);
    const { io: banner } = start(['--key', KEY]);
    await banner.stdout.seen('Ctrl-C');
    expect(io.stdout.text + banner.stdout.text).not.toContain(KEY);
    expect(banner.stdout.text).toContain('the one given with --key');
  });

  it('takes the credit that answers are paid from', async () => {
    const { place } = await startJson('--balance', '0.00');
    expect((await ask(place.baseUrl)).status).toBe(402);
  });

  it('lets go wrong what was ordered, one request after the other', async () => {
    const { place } = await startJson('--fault', 'status; status=429; retry-after=2', '--fault', '{"kind":"html"}');
    const limited = await ask(place.baseUrl);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    expect((await ask(place.baseUrl)).headers.get('content-type')).toContain('text/html');
    expect(await (await ask(place.baseUrl)).json()).toMatchObject({ object: 'chat.completion' });
  });

  it('takes the pace of streams', async () => {
    // Slow enough that the second frame is not there before the request is given up.
    const { io, place } = await startJson('--pace', '0.001');
    const controller = new AbortController();
    const response = await fetch(`${place.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'openai/gpt-4.1-nano', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
      signal: controller.signal,
    });
    await response.body?.getReader().read();
    controller.abort();
    await io.stderr.seen('200 (client left)');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s with %i, also with an answer under way, and leaves nothing behind', async (signal, exit) => {
    const { io, ended, place } = await startJson();
    const open = await fetch(`${place.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'x-emulator-fault': 'stall; afterFrames=1' },
      body: JSON.stringify({ model: 'openai/gpt-4.1-nano', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    io.signals.emit(signal);
    await expect(ended).resolves.toBe(exit);
    await expect(open.text()).rejects.toThrow();
    expect(io.stderr.text).toMatch(/^headrace: stopped after \d requests?\n$/);
    await expect(fetch(place.url)).rejects.toThrow();
    expect(io.signals.listenerCount(signal)).toBe(0);
  });

  it('exits with 2 when the port is in use, and says how to get another', async () => {
    const { place } = await startJson();
    const { port } = new URL(place.url);
    const io = fakeIo();
    await expect(run(['emulate', '--port', port], io)).resolves.toBe(2);
    expect(io.stderr.text).toBe(
      `headrace: Port ${port} of 127.0.0.1 is in use by another program.\n` +
        '  to do    Choose another with --port N; --port 0 takes one that is free.\n',
    );
    expect(io.stdout.text).toBe('');
  });

  it.each([
    [['--port', '65536'], '--port takes a whole number from 0 to 65535, not 65536.'],
    [['-p', '-1'], '-p takes a whole number from 0 to 65535, not -1.'],
    [['--port', '80.5'], '--port takes a whole number, not "80.5".'],
    [['--balance', '-1'], '--balance takes US dollars such as 0.01 or 25, not "-1".'],
    [['--balance', '1e9'], '--balance takes US dollars such as 0.01 or 25, not "1e9".'],
    [['--pace', 'fast'], '--pace takes a number, not "fast".'],
    [['--pace', '-2'], '--pace takes tokens per second from 0, not -2.'],
    [['--key', ''], '--key takes characters of ASCII without spaces, at least one.'],
    [['--fault', 'statsu'], '--fault "statsu": there is no fault "statsu"; there are delay, cut, reset, stall, '],
    [['--fault', 'cut; afterframes=1'], '--fault "cut; afterframes=1": Unrecognized key: "afterframes".'],
    [['--fault', 'status'], '--fault "status": status: Invalid input'],
    [['--fault', '{'], '--fault "{": a fault is JSON or the compact form'],
    [['--prot', '1'], 'There is no option --prot of headrace emulate. Did you mean --port?'],
    [['--host', '0.0.0.0'], 'There is no option --host of headrace emulate.'],
    [['4000'], 'headrace emulate takes options only, not "4000".'],
  ])('%j exits with 2 before anything listens', async (args, message) => {
    const io = fakeIo();
    await expect(run(['emulate', ...args], io)).resolves.toBe(2);
    expect(io.stderr.text.startsWith(`headrace: ${message}`)).toBe(true);
    expect(io.stdout.text).toBe('');
  });

  it('ends when what it says cannot be written', async () => {
    const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
    const io = fakeIo({ stdout: new Captured(false, undefined, (_text, done) => done(full)) });
    await expect(run(['emulate', '--port', '0'], io)).resolves.toBe(1);
    expect(io.stderr.text).toBe('headrace: cannot write to standard output (ENOSPC)\n');
  });
});
