import http from 'node:http';
import net from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorReply } from '../chat/error-reply.js';
import { end, hang, text, toolCall, wait } from '../script/answer-step.js';
import { refusedUrl, startSilentUpstream } from './silent-upstream.js';
import { startUpstream, type Upstream } from './start-upstream.js';
import {
  cut,
  delay,
  drip,
  everyByte,
  finish,
  hangBeforeHeaders,
  pause,
  raw,
  repeat,
  reply,
  reset,
  splitAt,
  sse,
  status,
  waitForClose,
  write,
} from './upstream-step.js';

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly pieces: readonly string[];
  readonly error: string | undefined;
}

/** One request, and its answer as the chunks in which it came. */
const ask = (upstream: Upstream, body: unknown = {}, agent?: http.Agent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { method: 'POST', agent: agent ?? false, headers: { 'x-test': 'yes' } };
    let answered = false;
    const sent = http.request(`${upstream.url}/a/path?q=1`, options, (answer) => {
      answered = true;
      const pieces: string[] = [];
      let error: string | undefined;
      answer.on('data', (piece: Buffer) => pieces.push(piece.toString('latin1')));
      answer.on('error', (cause: NodeJS.ErrnoException) => {
        error = cause.code;
      });
      answer.on('close', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, pieces, error }));
    });
    // Newer versions of Node tell a break within the answer to the request as well, and first.
    sent.on('error', (cause) => {
      if (!answered) reject(cause);
    });
    sent.end(JSON.stringify(body));
  });

const open = (upstream: Upstream): net.Socket => {
  const socket = net.connect(Number(new URL(upstream.url).port), '127.0.0.1');
  socket.write('POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}');
  return socket;
};

describe('startUpstream', () => {
  it('plays one script for each request, and records what was asked', async () => {
    await using upstream = await startUpstream([status(201, { 'x-a': ['1', '2'] }), write('one')], [write('two')]);
    const first = await ask(upstream, { hello: 'you' });
    expect(first).toMatchObject({ status: 201, pieces: ['one'], error: undefined, headers: { 'x-a': '1, 2' } });
    const second = await ask(upstream);
    expect(second).toMatchObject({ status: 200, pieces: ['two'], headers: { 'content-type': 'text/event-stream' } });
    expect(upstream.requests[0]).toMatchObject({
      number: 1,
      method: 'POST',
      path: '/a/path?q=1',
      headers: { 'x-test': 'yes' },
      body: '{"hello":"you"}',
      json: { hello: 'you' },
      bytes: Buffer.from('{"hello":"you"}'),
      bytesWritten: 3,
      closedBeforeNextWrite: false,
    });
    expect(upstream.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    expect(upstream.connections.total).toBe(2);
  });

  it('says so when its scripts are used up, or repeats the last one', async () => {
    await using once = await startUpstream([write('one')]);
    await ask(once);
    const beyond = await ask(once);
    expect(beyond.status).toBe(418);
    expect(beyond.pieces.join('')).toContain('this upstream has 1 scripts and this is request 2');
    await using always = await startUpstream({ repeatLast: true }, [write('one')]);
    for (const _again of [1, 2, 3]) expect((await ask(always)).pieces).toEqual(['one']);
  });

  it('lets a script look at the request', async () => {
    await using upstream = await startUpstream(({ path }) => reply(200, { path }));
    expect((await ask(upstream)).pieces).toEqual(['{"path":"/a/path?q=1"}']);
  });

  it('breaks the connection when a script function throws', async () => {
    await using upstream = await startUpstream(() => {
      throw new Error('in the script');
    });
    await expect(ask(upstream)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('sends server-sent events, split pieces and single bytes as chunks of their own', async () => {
    await using upstream = await startUpstream([
      sse({ a: 1 }),
      sse('two\nlines'),
      splitAt('abcdef', [1, 4]),
      everyByte('é'),
      finish(),
    ]);
    const { pieces } = await ask(upstream);
    expect(pieces).toEqual(['data: {"a":1}\n\n', 'data: two\ndata: lines\n\n', 'a', 'bcd', 'ef', '\xc3', '\xa9']);
  });

  it('stands at a pause until it is released, by name or by promise', async () => {
    await using upstream = await startUpstream([
      write('a'),
      pause('named'),
      write('b'),
      wait(Promise.resolve()),
      pause('released before'),
      write('c'),
    ]);
    upstream.release('released before');
    const answer = ask(upstream);
    await upstream.reached('named');
    expect((await upstream.waitForRequest(1)).bytesWritten).toBe(1);
    upstream.release('named');
    expect((await answer).pieces.join('')).toBe('abc');
  });

  it('breaks the connection when a promise it waits for rejects', async () => {
    await using upstream = await startUpstream([wait(Promise.reject(new Error('no')))]);
    await expect(ask(upstream)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it.each([
    ['cut', cut],
    ['reset', reset],
  ])('delivers what came before a %s, and then breaks', async (_name, fault) => {
    await using upstream = await startUpstream([status(200), write('so far'), pause('read'), fault()]);
    const answer = ask(upstream);
    await upstream.reached('read');
    upstream.release('read');
    expect(await answer).toMatchObject({ pieces: ['so far'], error: 'ECONNRESET' });
  });

  it('never answers where told to, and knows when the client has gone', async () => {
    await using upstream = await startUpstream([hangBeforeHeaders()], [status(200), waitForClose(), write('late')]);
    for (const number of [1, 2]) {
      const socket = open(upstream);
      const request = await upstream.waitForRequest(number);
      expect([request.isClosed, upstream.connections.open]).toEqual([false, 1]);
      socket.destroy();
      await request.closed;
      await request.played;
      expect([request.isClosed, upstream.connections.open]).toEqual([true, 0]);
      expect([request.bytesWritten, request.closedBeforeNextWrite]).toEqual([0, number === 2]);
    }
  });

  it('stops when the client is slow to read and then goes', async () => {
    const flood = new Uint8Array(64 * 1024 * 1024);
    await using upstream = await startUpstream([status(200), write(flood)]);
    const socket = open(upstream).pause();
    const request = await upstream.waitForRequest(1);
    socket.destroy();
    await request.played;
    expect(request).toMatchObject({ bytesWritten: 0, closedBeforeNextWrite: true });
  });

  it('puts raw bytes on the socket', async () => {
    await using upstream = await startUpstream([raw('NONSENSE\r\n\r\n'), hang()]);
    await expect(ask(upstream)).rejects.toMatchObject({ code: expect.stringContaining('HPE_') });
  });

  it('takes its time where it is told to: a delay, a drip, and bytes without end until the client leaves', async () => {
    await using upstream = await startUpstream([write('a'), delay(20), drip('bc', 5)], [repeat('.', 1)]);
    const startedAt = performance.now();
    expect((await ask(upstream)).pieces).toEqual(['a', 'b', 'c']);
    // Timers may be a little early by another clock.
    expect(performance.now() - startedAt).toBeGreaterThan(25);
    const socket = open(upstream);
    const request = await upstream.waitForRequest(2);
    while (request.bytesWritten < 3) await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await request.played;
    expect(request.closedBeforeNextWrite).toBe(true);
  });

  it('does not sit out a delay when the client has gone', async () => {
    await using upstream = await startUpstream([status(200), delay(600_000), write('late')]);
    const socket = open(upstream);
    const request = await upstream.waitForRequest(1);
    socket.destroy();
    await request.played;
    expect(request.bytesWritten).toBe(0);
  });

  it('keeps a connection alive for as many requests as there are', async () => {
    await using upstream = await startUpstream({ repeatLast: true }, reply(200, 'ok'));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; count < 12; count += 1) await ask(upstream, {}, agent);
    expect(upstream.connections).toEqual({ open: 1, total: 1 });
    agent.destroy();
    await upstream.requests[0]?.closed;
    expect(upstream.connections.open).toBe(0);
  });

  it('plays an answer as frames or whole, as the request asks', async () => {
    const script = [text('Hel'), text('lo'), toolCall({ id: 'c', name: 'f', arguments: { x: 1 } }), end()];
    await using upstream = await startUpstream(script, script);
    const streamed = await ask(upstream, { stream: true, model: 'a/b' });
    const frames = streamed.pieces.join('').split('\n\n').filter(Boolean);
    expect(streamed.headers['content-type']).toBe('text/event-stream');
    expect(frames).toHaveLength(7);
    expect(frames.at(-1)).toBe('data: [DONE]');
    const whole = await ask(upstream, { model: 'a/b' });
    expect(whole.headers['content-type']).toBe('application/json');
    expect(JSON.parse(whole.pieces.join(''))).toMatchObject({
      id: 'gen_01K00000000000000000000002',
      model: 'a/b',
      choices: [{ message: { content: 'Hello', tool_calls: [{ id: 'c' }] }, finish_reason: 'tool_calls' }],
    });
  });

  it('refuses with the body and headers of an upstream error', async () => {
    await using upstream = await startUpstream(errorReply(429, { message: 'slow', headers: { 'retry-after': '2' } }));
    const { status: code, headers, pieces } = await ask(upstream);
    expect([code, headers['retry-after']]).toEqual([429, '2']);
    expect(JSON.parse(pieces.join(''))).toEqual({ error: { message: 'slow', type: 'rate_limit_exceeded' } });
  });

  it('breaks what is open when it is closed, twice if need be', async () => {
    const upstream = await startUpstream([hang()]);
    const socket = open(upstream);
    const gone = new Promise((resolve) => {
      socket.once('error', () => undefined).once('close', resolve);
    });
    const request = await upstream.waitForRequest(1);
    await Promise.all([upstream.close(), upstream.close()]);
    await Promise.all([gone, request.closed, request.played]);
    expect(upstream.connections.open).toBe(0);
  });
});

describe('splitAt', () => {
  it('loses no byte, wherever it cuts', () => {
    const cases = fc
      .uint8Array({ minLength: 2, maxLength: 60 })
      .chain((bytes) => fc.tuple(fc.constant(bytes), fc.subarray([...bytes.keys()].slice(1))));
    fc.assert(
      fc.property(cases, ([bytes, positions]) => {
        const step = splitAt(bytes, positions);
        const pieces = step.step === 'write' ? step.pieces : [];
        expect(pieces).toHaveLength(positions.length + 1);
        expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each([[[0]], [[3]], [[2, 1]], [[1, 1]], [[0.5]]])('refuses the positions %j in three bytes', (positions) => {
    expect(() => splitAt('abc', positions)).toThrow(RangeError);
  });
});

describe('startSilentUpstream', () => {
  it('takes connections, says nothing, and knows when they are closed', async () => {
    await using silent = await startSilentUpstream();
    const socket = net.connect(Number(new URL(silent.secureUrl).port), '127.0.0.1');
    const connection = await silent.waitForConnection(1);
    expect([connection.isClosed, silent.connections]).toEqual([false, { open: 1, total: 1 }]);
    socket.end();
    await connection.closed;
    expect([connection.isClosed, silent.connections]).toEqual([true, { open: 0, total: 1 }]);
  });
});

describe('refusedUrl', () => {
  it('is where nothing listens', async () => {
    const { port } = new URL(await refusedUrl());
    const socket = net.connect(Number(port), '127.0.0.1');
    const error = await new Promise((resolve) => {
      socket.once('error', resolve);
    });
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
