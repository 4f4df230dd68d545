import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eachWithServer } from './__fixtures__/each-with-server.js';
import { lineHandlers } from './__fixtures__/line-decoder.js';
import { openCall, openSession, REQUEST } from './__fixtures__/open-call.js';
import type { SocketServer } from './__fixtures__/socket-server.js';
import { TestContext } from './__fixtures__/test-context.js';
import type { HttpAnswer } from './body-decoder.js';
import { httpCall } from './http-call.js';
import type { HttpSession } from './http-session.js';
import { headerOf } from './received-answer.js';

let server: SocketServer;
let session: HttpSession;

eachWithServer((made) => {
  ({ server, session } = made);
});

describe('an answer that arrives', () => {
  it('sends the request as given and nothing before the first next()', async () => {
    const call = openCall(session);
    expect(server.peers).toHaveLength(0);
    const lines = call.rest();
    const peer = await server.peer();
    const request = await peer.request();
    expect(request).toMatch(/^POST \/v1\/answer\?token=secret-query HTTP\/1\.1\r\n/);
    expect(request).toContain('authorization: Bearer secret-key\r\n');
    expect(request.toLowerCase()).not.toContain('expect:');
    expect(request.endsWith('\r\n\r\n{"prompt":"private"}')).toBe(true);
    await peer.answer('a\nb\nend\n');
    expect(await lines).toEqual(['a', 'b', 'end']);
  });

  it('tells the context of the socket, the headers and every byte of the body, once', async () => {
    const call = openCall(session);
    const lines = call.rest();
    const peer = await server.peer();
    await peer.request();
    await peer.answer('a\nb\nend\n');
    await lines;
    expect(call.context.phases).toEqual(['connected', 'headers', 'bytes']);
    expect(call.context.bytes).toBe(8);
    expect(call.context.listeners).toBe(0);
  });

  it('puts all chunks of one read into one batch', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.send('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\na\n\r\n2\r\nb\n\r\n2\r\nc\n\r\n');
    expect(await first).toEqual(['a', 'b', 'c']);
    await call.batches.return?.();
  });

  it('makes no batch of bytes that complete nothing, yet tells the context of them', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    const seen = call.context.reached('bytes');
    await peer.chunk('\n');
    await seen;
    expect(call.context.bytes).toBe(1);
    await peer.chunk('a\n');
    expect(await first).toEqual(['a']);
    await call.batches.return?.();
  });

  it('gives the same lines however the bytes are cut', async () => {
    server.serve(async (peer, request) => {
      const cuts = (JSON.parse(request.slice(request.indexOf('\r\n\r\n'))) as number[]).sort((a, b) => a - b);
      const whole =
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\nb\r\n4\r\nc\n\nd\r\n5\r\n\nend\n\r\n0\r\n\r\n';
      let from = 0;
      for (const cut of [...cuts, whole.length]) {
        await peer.send(whole.slice(from, Math.max(from, cut)));
        from = Math.max(from, cut);
      }
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(90), { maxLength: 8 }), async (cuts) => {
        expect(await openCall(session, { body: JSON.stringify(cuts) }).rest()).toEqual(['a', 'bc', 'd', 'end']);
      }),
      { numRuns: 40 },
    );
  });

  it('waits for headers that come byte by byte', async () => {
    const call = openCall(session);
    const lines = call.rest();
    const peer = await server.peer();
    await peer.request();
    for (const byte of 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n') await peer.send(byte);
    await peer.send('end\n');
    expect(await lines).toEqual(['end']);
  });

  it('looks past informational answers', async () => {
    const statuses: number[] = [];
    const { decoder, failure } = lineHandlers();
    const call = openCall(
      session,
      {},
      {
        failure,
        decoder: (answer) => {
          statuses.push(answer.status);
          return decoder(answer);
        },
      },
    );
    const lines = call.rest();
    const peer = await server.peer();
    await peer.request();
    await peer.send('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nend\n');
    expect(await lines).toEqual(['end']);
    expect(statuses).toEqual([200]);
  });

  it('leaves an empty answer to the decoder', async () => {
    const call = openCall(session);
    const lines = call.rest();
    const peer = await server.peer();
    await peer.request();
    await peer.answer('');
    await expect(lines).rejects.toMatchObject({ code: 'stream-interrupted', message: 'no proof' });
  });

  it('hands the decoder status and headers in lower case', async () => {
    const seen: unknown[] = [];
    const { decoder, failure } = lineHandlers();
    const handlers = {
      failure,
      decoder: (answer: HttpAnswer) => {
        const { status, headers } = answer;
        seen.push(
          status,
          headers,
          headerOf(answer, 'x-thing'),
          headerOf(answer, 'x-think'),
          headerOf(answer, 'set-cookie'),
        );
        return decoder(answer);
      },
    };
    const lines = openCall(session, {}, handlers).rest();
    const peer = await server.peer();
    await peer.request();
    await peer.answer('end\n', '201 Created', 'X-Thing: One', 'Set-Cookie: a', 'Set-Cookie: b');
    await lines;
    const headers = { 'content-length': '4', 'x-thing': 'One', 'set-cookie': ['a', 'b'] };
    expect(seen).toEqual([201, headers, 'One', undefined, ['a', 'b']]);
  });

  it('uses connections again for calls one after the other', async () => {
    server.serve((peer) => peer.answer('end\n'));
    for (let i = 0; i < 9; i += 1) expect(await openCall(session).rest()).toEqual(['end']);
    // Two: a connection is free again one turn after its answer ended, and the next call does not wait for that.
    expect(server.peers.length).toBeLessThanOrEqual(2);
  });

  it('serves 50 calls at one time over one session', async () => {
    server.serve((peer, request) => peer.answer(`${request.slice(-2)}\nend\n`));
    const bodies = Array.from({ length: 50 }, (_, i) => String(i + 10));
    const answers = await Promise.all(bodies.map((body) => openCall(session, { body }).rest()));
    expect(answers).toEqual(bodies.map((body) => [body, 'end']));
  });

  it('queues calls beyond maxConnections', async () => {
    const narrow = openSession(server.origin, { maxConnections: 2 });
    server.serve((peer) => peer.answer('end\n'));
    const answers = await Promise.all(Array.from({ length: 9 }, () => openCall(narrow).rest()));
    expect(answers).toEqual(Array.from({ length: 9 }, () => ['end']));
    expect(server.peers).toHaveLength(2);
    await narrow.close();
  });
});

describe('the iterator', () => {
  it('answers overlapping next() calls in order', async () => {
    const call = openCall(session);
    const asked = [call.next(), call.next(), call.next(), call.next()];
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    for (const line of ['a\n', 'b\n']) {
      const seen = call.context.reached('bytes');
      await peer.chunk(line);
      await seen;
    }
    await peer.send('4\r\nend\n\r\n0\r\n\r\n');
    expect(await Promise.all(asked)).toEqual([['a'], ['b'], ['end'], undefined]);
  });

  it('rejects one of several waiting next() calls and ends the others', async () => {
    const call = openCall(session);
    const asked = Promise.allSettled([call.next(), call.next(), call.next()]);
    const peer = await server.peer();
    await peer.request();
    await peer.answer('a\nbad\n');
    expect(await asked).toMatchObject([
      { status: 'fulfilled', value: ['a'] },
      { status: 'rejected', reason: { message: 'the line is bad' } },
      { status: 'fulfilled', value: undefined },
    ]);
  });

  it('delivers what was decoded before the error, keeps the error until asked, and then is done', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.answer('a\nbad\nc\n');
    expect(await first).toEqual(['a']);
    await peer.closed;
    await expect(call.next()).rejects.toMatchObject({ message: 'the line is bad' });
    expect(await call.next()).toBeUndefined();
  });

  it('is done after return(), however often it is called, and never started after return() alone', async () => {
    const call = openCall(session);
    expect(await call.batches.return?.()).toEqual({ done: true, value: undefined });
    expect(await call.batches.return?.()).toEqual({ done: true, value: undefined });
    expect(await call.next()).toBeUndefined();
    expect(server.peers).toHaveLength(0);
  });

  it('settles next() and return() at once on a silent upstream, and closes the connection', async () => {
    const call = openCall(session);
    const waiting = call.next();
    const peer = await server.peer();
    await peer.request();
    expect(await call.batches.return?.()).toEqual({ done: true, value: undefined });
    expect(await waiting).toBeUndefined();
    await peer.closed;
    expect(call.context.listeners).toBe(0);
  });

  it('closes the connection when the reader leaves the loop, before the upstream writes again', async () => {
    const context = new TestContext();
    const loop = (async () => {
      for await (const batch of httpCall(session, () => REQUEST, context, lineHandlers())) return batch.events;
      return [];
    })();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    await peer.chunk('a\n');
    expect(await loop).toEqual([{ type: 'text-delta', text: 'a' }]);
    await peer.closed;
  });

  it('does not use a connection again whose answer was left early', async () => {
    const left = openCall(session);
    const first = left.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    await peer.chunk('a\n');
    await first;
    await left.batches.return?.();
    const lines = openCall(session).rest();
    const second = await server.peer();
    await second.request();
    await second.answer('end\n');
    expect(await lines).toEqual(['end']);
    expect(second).not.toBe(peer);
  });
});
