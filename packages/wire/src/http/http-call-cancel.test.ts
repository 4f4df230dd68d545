import { describe, expect, it } from '@jest/globals';
import { eachWithServer } from './__fixtures__/each-with-server.js';
import { lineHandlers } from './__fixtures__/line-decoder.js';
import { openCall, openSession, REQUEST } from './__fixtures__/open-call.js';
import type { SocketServer } from './__fixtures__/socket-server.js';
import { TestContext } from './__fixtures__/test-context.js';
import { type HttpRequest, httpCall } from './http-call.js';
import type { HttpSession } from './http-session.js';

const reason = Object.freeze({ why: 'the caller changed its mind' });

let server: SocketServer;
let session: HttpSession;

eachWithServer((made) => {
  ({ server, session } = made);
});

/** The very object that `next()` rejects with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no rejection',
    (error: unknown) => error,
  );

describe('cancelling', () => {
  it('before the first next() sends nothing', async () => {
    const call = openCall(session);
    call.context.cancel(reason);
    expect(await rejection(call.next())).toBe(reason);
    expect(await call.next()).toBeUndefined();
    expect(server.peers).toHaveLength(0);
  });

  it('while the request is prepared sends nothing later', async () => {
    let prepared = (_request: HttpRequest): void => {};
    const request = new Promise<HttpRequest>((resolve) => {
      prepared = resolve;
    });
    const context = new TestContext();
    const next = httpCall(session, () => request, context, lineHandlers())
      [Symbol.asyncIterator]()
      .next();
    context.cancel(reason);
    expect(await rejection(next)).toBe(reason);
    prepared(REQUEST);
    await request;
    expect(server.peers).toHaveLength(0);
  });

  it('while connecting fails the call at once, and the connection is dropped', async () => {
    // Accepts TCP and never speaks TLS: the socket stays connecting.
    const stuck = openSession(server.origin.replace('http:', 'https:'));
    const call = openCall(stuck);
    const next = call.next();
    const peer = await server.peer();
    call.context.cancel(reason);
    expect(await rejection(next)).toBe(reason);
    expect(call.context.phases).toEqual([]);
    await stuck.close();
    await peer.closed;
  });

  it('while connecting drops the request as soon as there is a socket, unsent, and leaves that to the next call', async () => {
    const narrow = openSession(server.origin, { maxConnections: 1 });
    const call = openCall(narrow);
    const next = call.next();
    call.context.cancel(reason);
    expect(await rejection(next)).toBe(reason);
    const peer = await server.peer();
    const lines = openCall(narrow).rest();
    await peer.request();
    await peer.answer('end\n');
    expect(await lines).toEqual(['end']);
    expect(peer.received.match(/POST/g)).toHaveLength(1);
    expect(call.context.phases).toEqual([]);
    expect(server.peers).toHaveLength(1);
    await narrow.close();
  });

  it('while queued behind another call leaves that call alone', async () => {
    const narrow = openSession(server.origin, { maxConnections: 1 });
    const first = openCall(narrow);
    const lines = first.rest();
    const peer = await server.peer();
    await peer.request();
    const queued = openCall(narrow);
    const next = queued.next();
    queued.context.cancel(reason);
    expect(await rejection(next)).toBe(reason);
    await peer.answer('end\n');
    expect(await lines).toEqual(['end']);
    await narrow.close();
    expect(peer.received).toMatch(/^POST [^]*private"\}$/);
    expect(peer.received.match(/POST/g)).toHaveLength(1);
  });

  it('while queued costs those behind no connection', async () => {
    const narrow = openSession(server.origin, { maxConnections: 1 });
    server.serve((peer) => peer.answer('end\n'));
    const first = openCall(narrow).rest();
    const queued = Array.from({ length: 5 }, () => openCall(narrow));
    const failures = queued.map((call) => rejection(call.next()));
    const last = openCall(narrow).rest();
    for (const { context } of queued) context.cancel(reason);
    expect(await Promise.all(failures)).toEqual(Array(5).fill(reason));
    expect(await first).toEqual(['end']);
    expect(await last).toEqual(['end']);
    expect(server.peers).toHaveLength(1);
    await narrow.close();
  });

  it('while waiting for headers closes the connection', async () => {
    const call = openCall(session);
    const next = call.next();
    const peer = await server.peer();
    await peer.request();
    call.context.cancel(reason);
    expect(await rejection(next)).toBe(reason);
    await peer.closed;
  });

  it('in the middle of the headers closes the connection', async () => {
    const call = openCall(session);
    const next = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.send('HTTP/1.1 200 OK\r\nx-slow: ');
    call.context.cancel(reason);
    expect(await rejection(next)).toBe(reason);
    await peer.closed;
  });

  it('while reading closes the connection before the upstream writes again, and drops what nobody took', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    await peer.chunk('a\n');
    expect(await first).toEqual(['a']);
    const seen = call.context.reached('bytes');
    await peer.chunk('b\n');
    await seen;
    call.context.cancel(reason);
    await peer.closed;
    expect(await rejection(call.next())).toBe(reason);
    expect(await call.next()).toBeUndefined();
    expect(call.context.listeners).toBe(0);
  });

  it('by the caller while a failure is collected gives the reason, not the failure', async () => {
    const call = openCall(session);
    const next = call.next();
    const peer = await server.peer();
    await peer.request();
    const seen = call.context.reached('bytes');
    await peer.head('500 Oops', 'content-length: 100');
    await peer.send('half');
    await seen;
    call.context.cancel(reason);
    expect(await rejection(next)).toBe(reason);
    await peer.closed;
  });

  it('does not replace an error that came first', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.answer('a\nbad\n');
    await first;
    call.context.cancel(reason);
    await expect(call.next()).rejects.toMatchObject({ message: 'the line is bad' });
  });
});
