import http from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../clock/fake-clock.js';
import { deferred } from '../deferred.js';
import { startUpstream } from '../upstream/start-upstream.js';
import { cut, finish, pause, reply, status, write } from '../upstream/upstream-step.js';
import { parseRecordedExchange, type RecordedExchange } from './recorded-exchange.js';
import { replaySteps } from './replay-steps.js';
import { type RecorderOptions, startRecorder } from './start-recorder.js';

const KEY = 'sk-made-for-this-test-81f2';

interface Answer {
  readonly status: number;
  readonly pieces: readonly string[];
  readonly isWhole: boolean;
}

const ask = (url: string, body: string, onPiece: (piece: string) => void = () => undefined): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { 'x-api-key': KEY, 'content-type': 'application/json' };
    let isAnswered = false;
    const sent = http.request(`${url}/v1/chat?key=${KEY}`, { method: 'POST', agent: false, headers }, (answer) => {
      isAnswered = true;
      const pieces: string[] = [];
      answer.on('data', (bytes: Buffer) => {
        pieces.push(bytes.toString());
        onPiece(bytes.toString());
      });
      answer.on('error', () => undefined);
      answer.on('close', () => resolve({ status: answer.statusCode ?? 0, pieces, isWhole: answer.complete }));
    });
    sent.on('error', (error) => {
      if (!isAnswered) reject(error);
    });
    sent.end(body);
  });

/** A recorder, and what it wrote down and could not. */
const recording = async (target: string, options: Partial<RecorderOptions> = {}) => {
  const exchanges: RecordedExchange[] = [];
  const failures: string[] = [];
  let tell = (): void => undefined;
  const noted = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const recorder = await startRecorder({
    target,
    onExchange: (exchange) => {
      exchanges.push(exchange);
      tell();
    },
    onFailure: (why) => {
      failures.push(why);
      tell();
    },
    ...options,
  });
  return { recorder, exchanges, failures, noted };
};

describe('startRecorder', () => {
  it('is closed only when what passed through is written down', async () => {
    await using upstream = await startUpstream([write('data: one\n\n')], { repeatLast: true });
    const [begun, written] = [deferred<void>(), deferred<void>()];
    const { recorder } = await recording(upstream.url, {
      onExchange: () => {
        begun.resolve();
        return written.promise;
      },
    });
    await ask(recorder.url, '{}');
    let isClosed = false;
    const closing = recorder.close().then(() => {
      isClosed = true;
    });
    await begun.promise;
    // A server of its own opens and closes meanwhile: time enough for one that waits for nothing.
    await (await startUpstream([])).close();
    expect(isClosed).toBe(false);
    written.resolve();
    await closing;
  });

  it('passes on what comes and writes it down with its borders and times, without keys and prompts', async () => {
    const clock = fakeClock();
    await using upstream = await startUpstream([
      status(200, { 'content-type': 'text/event-stream' }),
      write('data: one\n\n'),
      pause('more'),
      write(`data: ${KEY}`),
      write('\n\n'),
    ]);
    const { recorder, exchanges, noted } = await recording(upstream.url, { clock });
    await using _closed = recorder;
    const answer = await ask(recorder.url, '{"model":"m","prompt":"a long secret prompt"}', (piece) => {
      if (piece !== 'data: one\n\n') return;
      void clock.advance(40).then(() => upstream.release('more'));
    });
    await noted;
    expect(answer).toEqual({ status: 200, pieces: ['data: one\n\n', `data: ${KEY}`, '\n\n'], isWhole: true });
    const [request] = upstream.requests;
    expect([request?.path, request?.headers['x-api-key'], request?.headers['accept-encoding']]).toEqual([
      `/v1/chat?key=${KEY}`,
      KEY,
      'identity',
    ]);
    const [exchange] = exchanges;
    expect(exchange?.answer).toMatchObject({
      status: 200,
      end: 'finished',
      endAtMs: 40,
      chunks: [
        { atMs: 0, text: 'data: one\n\n' },
        { atMs: 40, text: `data: ${'*'.repeat(KEY.length)}` },
        { atMs: 40, text: '\n\n' },
      ],
    });
    expect(JSON.stringify(exchange)).not.toMatch(/sk-made|secret prompt/);
    expect(parseRecordedExchange(JSON.stringify(exchange))).toEqual(exchange);
  });

  it('passes a broken answer on as a broken one, and follows no redirect', async () => {
    await using elsewhere = await startUpstream(reply(200, 'lured'));
    await using upstream = await startUpstream(
      [status(200, { 'content-type': 'text/plain' }), write('half'), cut()],
      reply(307, '', { location: elsewhere.url }),
    );
    const { recorder, exchanges, noted } = await recording(upstream.url);
    await using _closed = recorder;
    expect(await ask(recorder.url, '')).toMatchObject({ pieces: ['half'], isWhole: false });
    await noted;
    expect(exchanges[0]?.answer).toMatchObject({ end: 'broken', chunks: [{ text: 'half' }] });
    expect((await ask(recorder.url, '')).status).toBe(307);
    expect(elsewhere.requests).toEqual([]);
  });

  it('closes the upstream when the client leaves', async () => {
    await using upstream = await startUpstream([status(200), write('one'), pause('never')]);
    const { recorder } = await recording(upstream.url);
    await using _closed = recorder;
    const sent = http.request(`${recorder.url}/`, { method: 'POST', agent: false }, (answer) => {
      answer.on('error', () => undefined);
      answer.once('data', () => sent.destroy());
    });
    sent.on('error', () => undefined);
    sent.end();
    await (await upstream.waitForRequest(1)).closed;
  });

  it('says what it could not record, and passes it on all the same', async () => {
    await using upstream = await startUpstream(
      [status(200, { 'content-encoding': 'gzip' }), write('packed'), finish()],
      reply(200, 'x'.repeat(100)),
    );
    const packed = await recording(upstream.url);
    await using _one = packed.recorder;
    expect((await ask(packed.recorder.url, '')).pieces).toEqual(['packed']);
    await packed.noted;
    expect([packed.exchanges, packed.failures]).toEqual([[], [expect.stringContaining('packed')]]);
    const long = await recording(upstream.url, { maxBodyBytes: 50 });
    await using _two = long.recorder;
    expect((await ask(long.recorder.url, '')).pieces.join('')).toHaveLength(100);
    await long.noted;
    expect([long.exchanges, long.failures]).toEqual([[], ['a body was too long to be recorded']]);
  });

  it('refuses a target with a path, before anything listens', async () => {
    const starting = startRecorder({ target: 'https://a.test/v1', onExchange: () => undefined });
    await expect(starting).rejects.toMatchObject({ code: 'invalid-configuration' });
  });
});

describe('replaySteps', () => {
  const EXCHANGE: RecordedExchange = {
    format: 'headrace-exchange',
    version: 1,
    request: { method: 'POST', path: '/', headers: {}, body: '' },
    answer: {
      status: 201,
      headers: { 'content-type': 'text/plain', 'content-length': '4', 'x-a': ['1', '2'] },
      headAtMs: 5,
      chunks: [
        { atMs: 10, text: 'é' },
        { atMs: 30, base64: '8J8=' },
      ],
      end: 'finished',
      endAtMs: 30,
    },
  };

  it('gives the answer once more, chunk by chunk', async () => {
    await using upstream = await startUpstream(replaySteps(EXCHANGE));
    const { status: code, pieces, isWhole } = await ask(upstream.url, '');
    expect([code, pieces.length, isWhole]).toEqual([201, 2, true]);
    expect(upstream.requests).toHaveLength(1);
  });

  it('breaks where the recorded answer broke', async () => {
    const broken: RecordedExchange = { ...EXCHANGE, answer: { ...EXCHANGE.answer, end: 'broken' } };
    await using upstream = await startUpstream(replaySteps(broken));
    expect(await ask(upstream.url, '')).toMatchObject({ isWhole: false });
  });

  it('takes the time between the chunks from a clock', async () => {
    const clock = fakeClock();
    await using upstream = await startUpstream(replaySteps(EXCHANGE, { clock }));
    const started = clock.now();
    const answering = ask(upstream.url, '');
    for (const expected of [5, 10, 20]) {
      await clock.waitForTimer((delayMs) => delayMs === expected);
      await clock.advance(expected);
    }
    expect((await answering).isWhole).toBe(true);
    expect(clock.now() - started).toBe(35);
  });
});
