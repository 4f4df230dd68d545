import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULTS } from '@headrace/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Captured, fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';

// Its time is real, and the machine may be busy.
jest.setTimeout(120_000);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-lab-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = async (name: string, content: unknown): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const lab = async (args: readonly string[], stdout = new Captured()) => {
  const io = fakeIo({ stdout });
  const code = await run(['fault-lab', ...args], io);
  return { code, out: io.stdout.text, err: io.stderr.text };
};

describe('headrace fault-lab', () => {
  it('prints a scorecard: verdicts, requests and times, what would have helped, and the sum', async () => {
    const { code, out, err } = await lab(['--only', 'server-error-once,cut-early', '--only', 'bad-request']);
    expect([code, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^An upstream on 127\.0\.0\.1 that fails, against a primary and a fallback/);
    expect(out).toMatch(/^server-error-once +rescued +2\+0 +[\d.]+ m?s +rescued +2\+0 +[\d.]+ m?s$/m);
    expect(out).toMatch(/^bad-request +honest error +1\+0 +[\d.]+ m?s +honest error +1\+0 +[\d.]+ m?s$/m);
    expect(out).toMatch(/^3 faults, 6 cases in .+ rescued, \d honest errors?, 0 failed$/m);
    expect(out).not.toContain('\u001b');
  });

  it('names what would have rescued more, and with --verbose what the caller was told', async () => {
    const config = await file('alone.json', { route: { targets: ['primary'] }, retry: { baseDelayMs: 5 } });
    const { code, out } = await lab(['--config', config, '--only', 'cut-early,overloaded-503', '--verbose']);
    expect(code).toBe(0);
    expect(out).toContain('against a primary alone');
    expect(out).toContain('a fallback would have rescued 3 more calls: overloaded-503, cut-early');
    expect(out).toContain('a fallback and `recovery: "verify"` would have rescued 1 more call: cut-early');
    expect(out).toMatch(/^ {2}overloaded-503, whole: overloaded: /m);
    expect(out).toMatch(/^ {2}cut-early, streamed: stream-interrupted: /m);
  });

  it('exits with 1 when a fault failed, and says why', async () => {
    const config = await file(
      'blind.mjs',
      'export default { decisions: { caller: { sameTarget: true } }, retry: { baseDelayMs: 1 } };',
    );
    const { code, out } = await lab(['--config', config, '--only', 'bad-request,gzip'], new Captured(true, 120));
    expect(code).toBe(1);
    expect(out).toContain('bad-request, whole: what no repetition mends was asked 3 times');
    expect(out).toContain('\u001b[31mbad-request');
    expect(out).not.toContain('\u001b[31mgzip');
    expect(out).toContain('2 failed');
  });

  it('prints one JSON document', async () => {
    const { code, out } = await lab(['--json', '--only', 'gzip']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      setting: expect.stringMatching(/^(fallback|recovery)$/),
      counts: { rescued: 2, honest: 0, failed: 0 },
      results: [
        { fault: 'gzip', delivery: 'stream', verdict: 'rescued', requests: { primary: 1, fallback: 0 } },
        { fault: 'gzip', delivery: 'whole', verdict: 'rescued', expected: 'rescued' },
      ],
    });
  });

  it('lists the faults and what is expected of them, and plays nothing', async () => {
    const { code, out } = await lab(['--list']);
    expect(code).toBe(0);
    for (const { name, title } of FAULTS) expect(out).toMatch(new RegExp(`^${name} .*${title.slice(0, 10)}`, 'm'));
    expect(out).toMatch(/^cut-early +streamed, whole +honest error +honest error \/ rescued +rescued /m);
    const listed: unknown = JSON.parse((await lab(['--list', '--json', '--only', 'stall'])).out);
    expect(listed).toMatchObject([{ name: 'stall', expected: { whole: { alone: 'honest' } } }]);
  });

  it('leaves out columns, never names, on a narrow terminal', async () => {
    const { out } = await lab(['--only', 'rate-limit-beyond-deadline'], new Captured(true, 60));
    expect(out).toMatch(/^rate-limit-beyond-deadline +rescued +rescued$/m);
  });

  it('stops at once when it is told to', async () => {
    const io = fakeIo({ stderr: new Captured(true) });
    const ended = run(['fault-lab', '--only', 'one-byte-a-second'], io);
    await io.stderr.seen('playing faults');
    io.signals.emit('SIGINT');
    expect(await ended).toBe(130);
    expect(io.stdout.text).toBe('');
  });
});

describe('a configuration or a command line that is wrong', () => {
  it.each<[string, unknown, string]>([
    ['a policy', { retri: {} }, 'retri: is not a known field. Did you mean "retry"?'],
    ['a field of a policy', { retry: { maxAttempt: 2 } }, 'retry.maxAttempt'],
    ['a value', { clocks: { idleMs: -1 } }, 'clocks.idleMs'],
    ['a field of the lab', { timeout: 3 }, 'Did you mean "timeoutMs"?'],
    ['the name of the route', { routes: {} }, 'routes: set by the lab itself.'],
    ['a provider', { providers: [] }, 'providers: set by the lab itself.'],
    ['a target', { route: { targets: ['primry'] } }, 'Did you mean "primary"?'],
    ['no target', { route: { targets: [] } }, 'route.targets must be a list'],
    ['a strategy', { route: { strategy: 'best' } }, 'route.strategy'],
    ['the route', { route: 'primary' }, 'route must be an object'],
    ['a limit', { timeoutMs: 0 }, 'timeoutMs must be a number of ms'],
    ['everything', [], 'must be an object'],
    ['the JSON', '{', 'is not JSON'],
  ])('is told where it is %s, before anything is played', async (_what, content, told) => {
    const { code, out, err } = await lab(['--config', await file('wrong.json', content)]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(told);
  });

  it.each([
    [['--config', 'nowhere.json'], 'cannot read nowhere.json (ENOENT)'],
    [['--config', 'nowhere.mjs'], 'cannot load nowhere.mjs'],
    [['--only', 'stal'], 'There is no fault "stal". Did you mean stall?'],
  ])('%j', async (args, told) => {
    const { code, err } = await lab(args);
    expect(code).toBe(2);
    expect(err).toContain(told);
  });
});
