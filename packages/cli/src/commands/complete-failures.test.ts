import {
  CredentialRejectedError,
  InvalidRequestError,
  MissingCredentialError,
  RateLimitedError,
  type StreamEvent,
  StreamInterruptedError,
  TimeoutError,
} from '@headrace/core';
import { describe, expect, it } from '@jest/globals';
import { aReceipt, END, type FakeScript, fakeUpstream, text } from '../__fixtures__/fake-gateway.js';
import { Captured, type FakeIoOptions, fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';

const complete = async (args: readonly string[], script: FakeScript, options: FakeIoOptions = {}) => {
  const io = fakeIo(options);
  const upstream = fakeUpstream(script);
  const code = await run(['complete', ...args], io, upstream.connect);
  return { code, io, out: io.stdout.text, err: io.stderr.text, ...upstream };
};

async function* thenFail(events: readonly StreamEvent[], error: unknown): AsyncGenerator<StreamEvent> {
  yield* events;
  throw error;
}

describe('a failure', () => {
  it('says what happened, what was tried and what to do, and nothing on standard output', async () => {
    const error = new RateLimitedError('Slow down (HTTP 429)', {
      retryAfterMs: 20_000,
      upstream: { requestId: 'fra1::abc' },
    });
    const attempt = {
      provider: 'vercel',
      model: 'a/b',
      startedAfterMs: 0,
      durationMs: 120,
      waitedMs: 0,
      sent: true,
      outcome: 'failed' as const,
      failure: { code: 'rate-limited', failureClass: 'rate' as const, message: '', delivered: false, status: 429 },
    };
    error.receipt = aReceipt({ attempts: [attempt, { ...attempt, waitedMs: 512 }] });
    const { code, out, err, gateway } = await complete(['Hi'], { events: () => thenFail([], error) });
    expect([code, out]).toEqual([4, '']);
    expect(err).toBe(
      [
        'headrace: Slow down (HTTP 429)',
        '  code     rate-limited (rate)',
        '  tried    1. vercel:a/b: rate-limited (HTTP 429) after 120 ms',
        '           2. waited 512 ms, then vercel:a/b: rate-limited (HTTP 429) after 120 ms',
        "  request  fra1::abc (the upstream's id of it)",
        '  to do    Wait 20.0 s, as the upstream asks, and try again.',
        '',
      ].join('\n'),
    );
    expect(gateway.disposed).toBe(true);
  });

  it('in the middle of an answer is never taken for its end', async () => {
    const error = new StreamInterruptedError('The connection broke');
    const { code, out, err } = await complete(['Hi'], { events: () => thenFail(text('Half an ans'), error) });
    expect([code, out]).toEqual([7, 'Half an ans']);
    expect(err).toMatch(/^headrace: The connection broke; the text above is not whole\n/);
  });

  it('begins on a line of its own on a terminal', async () => {
    const stdout = new Captured(true);
    const error = new TimeoutError('idle', 1_000, 'Nothing came for 1 s');
    const { code, out } = await complete(['Hi'], { events: () => thenFail(text('Half'), error) }, { stdout });
    expect([code, out]).toEqual([7, 'Half\n']);
  });

  it('as JSON has the times of its receipt to a microsecond', async () => {
    const error = new TimeoutError('idle', 1_000, 'Nothing came for 1 s');
    error.receipt = aReceipt({ durationMs: 1_000.123456789 });
    const { err } = await complete(['--json', 'Hi'], { complete: () => Promise.reject(error) });
    expect(JSON.parse(err)).toMatchObject({ error: { receipt: { durationMs: 1_000.123 } } });
  });

  it('of time is 6 as long as nothing was printed', async () => {
    const error = new TimeoutError('deadline', 1_000, 'The call took longer than 1 s');
    expect((await complete(['Hi'], { events: () => thenFail([], error) })).code).toBe(6);
  });

  it('takes the progress line away first', async () => {
    const stderr = new Captured(true);
    const error = new CredentialRejectedError('No.');
    const { code, err, io } = await complete(
      ['Hi'],
      { events: () => thenFail([], error) },
      { stderr, env: { NO_COLOR: '1' } },
    );
    expect(code).toBe(3);
    expect(err).toContain('\u001b[K\r\u001b[Kheadrace: No.\n');
    expect(io.clock.pending).toBe(0);
  });

  it('names options as they were typed', async () => {
    const error = new InvalidRequestError([
      { field: 'maxOutputTokens', message: 'is 5, but this model takes values at least 16. (a/b)' },
      { field: 'topK', message: 'is not taken by this model (a/b).', remedy: 'Leave it out.' },
    ]);
    const { code, err } = await complete(['--max-tokens', '5', '--top-k', '3', 'Hi'], {
      events: () => thenFail([], error),
    });
    expect(code).toBe(2);
    expect(err.split('\n').slice(0, 3)).toEqual([
      'headrace: 2 things are wrong:',
      '  - --max-tokens is 5, but this model takes values at least 16. (a/b)',
      '  - --top-k is not taken by this model (a/b). Leave it out.',
    ]);
  });

  it('without a key leads to the emulator', async () => {
    const error = new MissingCredentialError('No credential.');
    const { code, err } = await complete(['Hi'], { events: () => thenFail([], error) });
    expect(code).toBe(3);
    expect(err).toContain('--emulator');
  });

  it('cannot steer the terminal by what the upstream says', async () => {
    const error = new RateLimitedError('a\u001b]0;owned\u0007b');
    const { err } = await complete(['Hi'], { events: () => thenFail([], error) });
    expect(err).toMatch(/^headrace: ab\n/);
  });

  it('is a JSON document when JSON is asked for', async () => {
    const error = new RateLimitedError('Slow down', { retryAfterMs: 5, upstream: { status: 429 } });
    error.receipt = aReceipt();
    const { code, out, err } = await complete(['--json', 'Hi'], { complete: () => Promise.reject(error) });
    expect([code, out]).toEqual([4, '']);
    expect(JSON.parse(err)).toEqual({
      error: {
        code: 'rate-limited',
        failureClass: 'rate',
        message: 'Slow down',
        exitCode: 4,
        isRetryable: true,
        retryAfterMs: 5,
        upstream: { status: 429 },
        issues: [],
        receipt: aReceipt(),
      },
    });
  });

  it('that nobody foresaw exits with 1 and shows a stack only when asked', async () => {
    const events = (): AsyncGenerator<StreamEvent> => thenFail([], new TypeError('x is not a function'));
    const plain = await complete(['Hi'], { events });
    expect(plain.code).toBe(1);
    expect(plain.err).toBe(
      'headrace: internal fault: x is not a function\n  to do    Run it again with --verbose and report what it prints.\n',
    );
    expect((await complete(['-v', 'Hi'], { events })).err).toContain('at ');
  });
});

describe('a command that is stopped', () => {
  const endless = async function* (signal: AbortSignal | undefined): AsyncGenerator<StreamEvent> {
    yield* text('begun');
    signal?.throwIfAborted();
    await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
  };

  it.each([
    ['SIGINT', 130, 'stopped by Ctrl-C'],
    ['SIGTERM', 143, 'stopped by SIGTERM'],
  ] as const)('by %s lets go of the upstream and exits with %i', async (signal, exit, notice) => {
    const io = fakeIo();
    const { connect, gateway } = fakeUpstream({ events: (options) => endless(options.signal) });
    const ended = run(['complete', 'Hi'], io, connect);
    await io.stdout.seen('begun');
    io.signals.emit(signal);
    await expect(ended).resolves.toBe(exit);
    expect(io.stderr.text).toBe(`headrace: ${notice}; the text above is not whole\n`);
    expect([gateway.released, gateway.disposed, io.exits]).toEqual([1, true, []]);
  });

  it('twice ends the process at once', async () => {
    const io = fakeIo();
    let giveIn = (): void => {};
    const deaf = new Promise<void>((resolve) => (giveIn = resolve));
    const { connect } = fakeUpstream({
      events: async function* () {
        yield* text('begun');
        await deaf;
      },
    });
    const ended = run(['complete', 'Hi'], io, connect);
    await io.stdout.seen('begun');
    io.signals.emit('SIGINT');
    expect(io.exits).toEqual([]);
    io.signals.emit('SIGINT');
    expect(io.exits).toEqual([130]);
    giveIn();
    await expect(ended).resolves.toBe(130);
  });

  it('while it waits for the prompt asks nothing of the upstream', async () => {
    const { PassThrough } = await import('node:stream');
    const io = fakeIo({ stdin: new PassThrough(), stdinKind: 'stream' });
    const { connect, connections } = fakeUpstream();
    const ended = run(['complete'], io, connect);
    await new Promise(setImmediate);
    io.signals.emit('SIGINT');
    await expect(ended).resolves.toBe(130);
    expect(connections).toEqual([]);
    expect(io.stderr.text).toBe('headrace: stopped by Ctrl-C\n');
  });

  it('while a pager holds the answer back lets go all the same', async () => {
    const stdout = new Captured(false, undefined, () => {}, 1);
    const io = fakeIo({ stdout });
    const { connect, gateway } = fakeUpstream({ events: () => [...text('a page', ' and more'), END] });
    const ended = run(['complete', 'Hi'], io, connect);
    await io.stdout.seen('a page');
    io.signals.emit('SIGINT');
    await expect(ended).resolves.toBe(130);
    expect([gateway.released, stdout.text]).toEqual([1, 'a page']);
  });

  it('by a reader that has gone away lets go of the upstream and is silent and content', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stdout = new Captured(false, undefined, (piece, done) => done(piece === ' two' ? gone : undefined));
    const stderr = new Captured(true);
    const io = fakeIo({ stdout, stderr, env: { NO_COLOR: '1' } });
    const { connect, gateway } = fakeUpstream({
      events: async function* (options) {
        yield* text('one', ' two');
        yield* endless(options.signal);
      },
    });
    await expect(run(['complete', 'Hi'], io, connect)).resolves.toBe(0);
    expect([gateway.released, gateway.disposed]).toEqual([1, true]);
    expect(stderr.text).not.toContain('headrace:');
  });
});
