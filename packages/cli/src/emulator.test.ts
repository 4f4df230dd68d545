import { startVercelEmulator, type VercelEmulator } from '@headrace/vercel-emulator';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { Captured, type FakeIoOptions, fakeIo } from './__fixtures__/fake-io.js';
import { run } from './cli.js';

const KEY = canaryKey();

describe('headrace against the emulator', () => {
  let upstream: VercelEmulator;
  beforeEach(async () => {
    upstream = await startVercelEmulator();
  });
  afterEach(() => upstream.close());

  const start = (args: readonly string[], options: FakeIoOptions = {}) => {
    const env = { AI_GATEWAY_API_KEY: KEY, AI_GATEWAY_BASE_URL: upstream.url, NO_COLOR: '1', ...options.env };
    const io = fakeIo({ ...options, env });
    return { io, ended: run(args, io) };
  };
  const runIt = async (args: readonly string[], options: FakeIoOptions = {}) => {
    const { io, ended } = start(args, options);
    const code = await ended;
    expect(io.stdout.text + io.stderr.text).not.toContain(KEY);
    return { code, out: io.stdout.text, err: io.stderr.text };
  };

  it('prints the same answer streamed, whole and as JSON', async () => {
    const streamed = await runIt(['complete', 'Tell me about rivers']);
    expect([streamed.code, streamed.err]).toEqual([0, '']);
    expect((await runIt(['complete', '--whole', 'Tell me about rivers'])).out).toBe(streamed.out);
    const document: unknown = JSON.parse((await runIt(['complete', '--json', 'Tell me about rivers'])).out);
    expect(document).toMatchObject({
      text: streamed.out.trimEnd(),
      finishReason: 'stop',
      usage: { certainty: 'exact' },
      receipt: { outcome: 'complete', servedBy: { model: 'openai/gpt-6-luna' } },
    });
    expect(upstream.requests.map(({ body }) => (body as { stream?: boolean }).stream ?? false)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('needs no upstream of its own with --emulator, and no key', async () => {
    const { code, out } = await runIt(['complete', '--emulator', 'Hi'], { env: { AI_GATEWAY_API_KEY: '' } });
    expect([code, out === '']).toEqual([0, false]);
    expect(upstream.requests).toEqual([]);
  });

  it('refuses what the model does not take before anything is sent', async () => {
    const { code, out, err } = await runIt(['complete', '--max-tokens', '1', '--top-k', '3', 'Hi']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('--max-tokens is 1, but');
    expect(err).toContain('--top-k is not taken by this model');
    expect(upstream.requests).toEqual([]);
  });

  it('knows the nearest model to a misspelt one', async () => {
    const { code, err } = await runIt(['complete', '-m', 'vercel:openai/gpt-6-lunar', 'Hi']);
    expect(code).toBe(2);
    expect(err).toContain('"openai/gpt-6-luna"');
  });

  it.each([
    [401, 3],
    [402, 4],
    [429, 4],
    [500, 5],
    [503, 5],
  ])('exits on HTTP %i with %i after telling what was tried', async (status, exit) => {
    upstream.script({ kind: 'status', status });
    const { code, out, err } = await runIt(['complete', '--max-attempts', '1', 'Hi']);
    expect([code, out]).toEqual([exit, '']);
    expect(err).toMatch(new RegExp(`1\\. vercel:openai/gpt-6-luna: .*\\(HTTP ${status}\\)`));
  });

  it('shows in the receipt that a second attempt served', async () => {
    upstream.script({ kind: 'status', status: 503, headers: { 'retry-after-ms': '1' } });
    const { code, err } = await runIt(['complete', '--verbose', 'Hi']);
    expect(code).toBe(0);
    expect(err).toContain('2 attempts');
  });

  it.each([
    [{ kind: 'cut', afterFrames: 90 }],
    [{ kind: 'reset', afterBytes: 32_000 }],
    [{ kind: 'no-finish' }],
  ] as const)('never takes a cut answer for a whole one: %j', async (fault) => {
    upstream.script(fault);
    const { code, out, err } = await runIt(['complete', 'Tell me about rivers']);
    expect(code).toBe(7);
    expect(out).not.toBe('');
    expect(err).toContain('the text above is not whole');
  });

  it('prints a cut answer to its end with --recovery verify, each word once', async () => {
    const args = ['--reasoning-effort', 'none', 'Tell me about rivers'];
    const whole = await runIt(['complete', ...args]);
    upstream.script({ kind: 'cut', afterFrames: 20 });
    const recovered = await runIt(['complete', '--verbose', '--recovery', 'verify', ...args]);
    expect([recovered.code, recovered.out]).toEqual([0, whole.out]);
    expect(recovered.err).toContain('2 attempts · recovered after a cut');
    upstream.script({ kind: 'cut', afterFrames: 20 });
    expect((await runIt(['complete', '--recovery=off', ...args])).code).toBe(7);
  });

  it('exits with 6 when the upstream stays silent for longer than --timeout', async () => {
    upstream.script({ kind: 'hang' });
    const { code, out, err } = await runIt(['complete', '--timeout', '0.05', 'Hi']);
    expect([code, out]).toEqual([6, '']);
    expect(err).toContain('--timeout');
  });

  it('exits with 5 when nobody listens', async () => {
    const gone = await startVercelEmulator();
    await gone.close();
    const { code, err } = await runIt(['complete', '--base-url', gone.url, '--max-attempts', '1', 'Hi']);
    expect(code).toBe(5);
    expect(err).toContain('connection-failed');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('closes the connection upstream on %s', async (signal, exit) => {
    upstream.script({ kind: 'stall', afterFrames: 90 });
    const { io, ended } = start(['complete', 'Tell me about rivers']);
    await io.stdout.seen('This is');
    io.signals.emit(signal);
    await expect(ended).resolves.toBe(exit);
    await upstream.requests[0]?.settled;
    expect(upstream.requests[0]?.closedEarly).toBe(true);
    expect(io.stderr.text).toContain('the text above is not whole');
  });

  it('closes the connection upstream when its reader goes away', async () => {
    upstream.script({ kind: 'stall', afterFrames: 90 });
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stdout = new Captured(false, undefined, (_text, done) => done(gone));
    const { io, ended } = start(['complete', 'Tell me about rivers'], { stdout });
    await expect(ended).resolves.toBe(0);
    await upstream.requests[0]?.settled;
    expect(upstream.requests[0]?.closedEarly).toBe(true);
    expect(io.stderr.text).toBe('');
  });

  it('lists models without a key and without asking anybody', async () => {
    const { code, out } = await runIt(['models', '--filter', 'gpt-6-luna'], { env: { AI_GATEWAY_API_KEY: '' } });
    expect(code).toBe(0);
    expect(out).toMatch(/^openai\/gpt-6-luna +language/m);
    expect(upstream.requests).toEqual([]);
  });

  it('asks for the list of today with --refresh', async () => {
    const { code, out } = await runIt(['models', '--refresh', '--filter', 'gpt-6-luna']);
    expect(code).toBe(0);
    expect(out).toContain("the gateway's own list");
    expect(upstream.requests.map(({ path }) => path)).toEqual(['/v1/models']);
  });
});

describe('the tour', () => {
  it('needs no key, shows everything and exits with 0', async () => {
    const io = fakeIo({ env: { npm_lifecycle_event: 'start' } });
    await expect(run(['tour'], io)).resolves.toBe(0);
    const { text } = io.stdout;
    expect(text.split('\n')[0]).toMatch(/built-in emulator.*AI_GATEWAY_API_KEY/);
    for (const step of [1, 2, 3, 4, 5]) expect(text).toMatch(new RegExp(`^${step}  \\S`, 'm'));
    expect(text).toMatch(/served by +vercel:openai\/gpt-6-luna/);
    expect(text).toContain('"lengthKm": ');
    expect(text).toContain('Did you mean "openai/gpt-6-luna"');
    expect(text.match(/^ {3}npm start -- /gm)).toHaveLength(3);
    expect(text).not.toContain('\u001b');
    expect(io.stderr.text).toBe('');
  });

  it('has colours on a terminal, and ends on Ctrl-C', async () => {
    const io = fakeIo({ stdout: new Captured(true, 200), stderr: new Captured(true) });
    const ended = run(['tour'], io);
    await io.stdout.seen('This is');
    expect(io.stderr.text).toMatch(/waiting for .*\r {3}thinking … /s);
    io.signals.emit('SIGINT');
    await expect(ended).resolves.toBe(130);
    expect(io.stdout.text).toContain('\u001b[1m');
  });

  it('goes to the gateway there is a key for, without showing the key', async () => {
    await using upstream = await startVercelEmulator();
    const io = fakeIo({ env: { AI_GATEWAY_API_KEY: KEY, AI_GATEWAY_BASE_URL: upstream.url } });
    await expect(run(['tour'], io)).resolves.toBe(0);
    expect(io.stdout.text.split('\n')[0]).toContain(
      `${upstream.url} (AI_GATEWAY_BASE_URL) with the key in AI_GATEWAY_API_KEY`,
    );
    expect(upstream.requests.length).toBeGreaterThanOrEqual(2);
    expect(io.stdout.text + io.stderr.text).not.toContain(KEY);
  });

  it('exits with the code of a failure when the key is not accepted', async () => {
    await using upstream = await startVercelEmulator({ apiKeys: ['vck_another'] });
    const io = fakeIo({ env: { AI_GATEWAY_API_KEY: KEY, AI_GATEWAY_BASE_URL: upstream.url } });
    await expect(run(['tour'], io)).resolves.toBe(3);
    expect(io.stdout.text + io.stderr.text).not.toContain(KEY);
  });
});
