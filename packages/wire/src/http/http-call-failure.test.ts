import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { eachWithServer } from './__fixtures__/each-with-server.js';
import { openCall } from './__fixtures__/open-call.js';
import type { Peer, SocketServer } from './__fixtures__/socket-server.js';
import type { HttpSession } from './http-session.js';

let server: SocketServer;
let session: HttpSession;

eachWithServer((made) => {
  ({ server, session } = made);
});

/** Runs one call against `play` and gives the error it ends with. */
const failureOf = async (play: (peer: Peer) => Promise<void>, maxBodyBytes?: number): Promise<Error> => {
  const call = openCall(session, maxBodyBytes === undefined ? {} : { maxBodyBytes });
  const lines = call.rest().then(
    (all) => new Error(`no error, but ${all.length} lines`),
    (error: unknown) => error as Error,
  );
  const peer = await server.peer();
  await peer.request();
  await play(peer);
  const error = await lines;
  expect(call.context.listeners).toBe(0);
  expect(String(error)).not.toContain('secret');
  expect(String(error)).not.toContain('private');
  return error;
};

describe('an answer that is a failure', () => {
  it('reaches `failure` with status, headers and body', async () => {
    const error = await failureOf((peer) => peer.answer('{"error":"slow down"}', '429 Too Many Requests'));
    expect(error).toMatchObject({ code: 'upstream-failed', message: '429: {"error":"slow down"}' });
  });

  it('keeps the connection for the next call when its body is read to the end', async () => {
    await failureOf((peer) => peer.answer('no', '500 Oops'));
    // The pool takes a connection back one turn after its answer ended.
    await new Promise((resolve) => setImmediate(resolve));
    const lines = openCall(session).rest();
    const [peer] = server.peers;
    await peer?.request();
    await peer?.answer('end\n');
    expect(await lines).toEqual(['end']);
    expect(server.peers).toHaveLength(1);
  });

  it('is told with what came when the connection breaks within the body', async () => {
    const error = await failureOf(async (peer) => {
      await peer.head('503 Busy', 'content-length: 100');
      await peer.send('half a rea');
      peer.socket.destroy();
    });
    expect(error.message).toBe('503: half a rea');
  });

  it('is cut at 64 KiB, and the rest is not waited for', async () => {
    const error = await failureOf(async (peer) => {
      await peer.head('500 Oops', 'transfer-encoding: chunked');
      void peer.chunk('x'.repeat(100_000));
      await peer.closed;
    });
    expect(error.message).toBe(`500: ${'x'.repeat(64 * 1024)}`);
  });

  it('is decompressed', async () => {
    const error = await failureOf((peer) => peer.answer(gzipSync('why not'), '400 Bad', 'content-encoding: gzip'));
    expect(error.message).toBe('400: why not');
  });

  it('is told without its body when that is in an unknown encoding', async () => {
    const error = await failureOf((peer) => peer.answer('???', '400 Bad', 'content-encoding: zstd'));
    expect(error.message).toBe('400: ');
  });
});

describe('a redirect', () => {
  it.each([
    ['301 Moved', 'https://elsewhere.example/login?next=secret', 'https://elsewhere.example'],
    ['307 Temporary', '/other?token=secret', 'another path there'],
    ['302 Found', 'javascript:secret', 'without naming where'],
    ['308 Permanent', 'http://user:secret@evil.example:99/x', 'http://evil.example:99'],
  ])('%s to %s is not followed', async (status, location, named) => {
    const error = await failureOf((peer) => peer.answer('', status, `location: ${location}`));
    expect(error).toMatchObject({ code: 'malformed-response', upstream: { status: Number(status.slice(0, 3)) } });
    expect(error.message).toContain(named);
    expect(error.message).toContain('key was not sent on');
    expect(error.message).toContain('base URL');
  });

  it('without a target is refused, too', async () => {
    const error = await failureOf((peer) => peer.answer('', '304 Not Modified'));
    expect(error).toMatchObject({ code: 'malformed-response' });
  });
});

describe('a connection that breaks', () => {
  it('by a reset before the headers is a transport failure that names the origin', async () => {
    const error = await failureOf(async (peer) => {
      peer.socket.resetAndDestroy();
    });
    expect(error).toMatchObject({ code: 'connection-failed', cause: { code: 'ECONNRESET' } });
    expect(error.message).toBe(`${server.origin} closed the connection before it answered (ECONNRESET).`);
  });

  it('by a close before the headers is a transport failure', async () => {
    const error = await failureOf(async (peer) => {
      peer.socket.end();
    });
    expect(error).toMatchObject({ code: 'connection-failed', cause: { code: 'UND_ERR_SOCKET' } });
  });

  it('in the middle of the headers is a transport failure', async () => {
    const error = await failureOf(async (peer) => {
      await peer.send('HTTP/1.1 200 OK\r\ncontent-le');
      peer.socket.end();
    });
    expect(error).toMatchObject({ code: 'connection-failed' });
  });

  it('never sends a request a second time', async () => {
    await failureOf(async (peer) => {
      peer.socket.resetAndDestroy();
    });
    expect(server.peers).toHaveLength(1);
    expect(server.peers[0]?.received.match(/POST/g)).toHaveLength(1);
  });

  it('after the headers is for the decoder to judge', async () => {
    const error = await failureOf(async (peer) => {
      await peer.head('200 OK', 'transfer-encoding: chunked');
      await peer.chunk('a\n');
      peer.socket.destroy();
    });
    expect(error).toMatchObject({ code: 'stream-interrupted', message: 'broken', cause: { code: 'UND_ERR_SOCKET' } });
  });

  it('short of the announced length is for the decoder to judge', async () => {
    const error = await failureOf(async (peer) => {
      await peer.head('200 OK', 'content-length: 10', 'connection: close');
      await peer.send('a\n');
      peer.socket.end();
    });
    expect(error).toMatchObject({ code: 'stream-interrupted', message: 'broken' });
  });

  it('after the proof that the answer is whole does no harm', async () => {
    const call = openCall(session);
    const lines = call.rest();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    const seen = call.context.reached('bytes');
    await peer.chunk('a\nend\n');
    await seen;
    peer.socket.resetAndDestroy();
    expect(await lines).toEqual(['a', 'end']);
  });

  it('delivers what came before it first', async () => {
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
    peer.socket.destroy();
    await peer.closed;
    expect(await call.next()).toEqual(['b']);
    await expect(call.next()).rejects.toMatchObject({ code: 'stream-interrupted' });
    expect(await call.next()).toBeUndefined();
  });
});

describe('an answer that breaks the rules', () => {
  it('with too long headers is malformed', async () => {
    const error = await failureOf((peer) => peer.head('200 OK', `x-long: ${'h'.repeat(40_000)}`));
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error.message).toContain('headers');
  });

  it('that is not HTTP is malformed and points at scheme and port', async () => {
    const error = await failureOf((peer) => peer.send('SSH-2.0-OpenSSH_9.9\r\n'));
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error.message).toContain('scheme and the port');
  });

  it('with a broken chunk is for the decoder to judge, and no piece of the answer is kept in the cause', async () => {
    const error = await failureOf(async (peer) => {
      await peer.head('200 OK', 'transfer-encoding: chunked');
      await peer.send('5\r\nabc\n\nprivate words\r\n');
    });
    expect(error).toMatchObject({ message: 'broken', cause: { name: 'HTTPParserError' } });
    expect(inspect(error)).not.toContain('private');
  });

  it('with a longer body than allowed is malformed, whatever was decoded before', async () => {
    const error = await failureOf(async (peer) => {
      await peer.head('200 OK', 'transfer-encoding: chunked');
      await peer.chunk('12345678\n');
      await peer.chunk('12345678\n');
    }, 10);
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error.message).toContain('longer than 10 bytes');
  });

  it('with a body of exactly the bound is fine', async () => {
    const lines = openCall(session, { maxBodyBytes: 4 }).rest();
    const peer = await server.peer();
    await peer.request();
    await peer.answer('end\n');
    expect(await lines).toEqual(['end']);
  });
});
