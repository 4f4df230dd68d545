import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
} from 'node:zlib';
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

const LINE = `${'x'.repeat(1023)}\n`;
const LINES_PER_CHUNK = 64;
const CHUNK = LINE.repeat(LINES_PER_CHUNK);
/** What two kernels may hold besides the bound of 256 KiB. */
const MOST_IN_FLIGHT = 16 * 1024 * 1024;

/** Writes chunks until the kernel takes no more for a good while or all are out; gives how many it took. */
const flood = async (peer: Peer, chunks: number): Promise<{ taken: () => number; all: Promise<void> }> => {
  let taken = 0;
  const all = Promise.all(
    Array.from({ length: chunks }, async () => {
      await peer.chunk(CHUNK);
      taken += 1;
    }),
  ).then(() => {});
  for (let before = -1; before !== taken; ) {
    before = taken;
    // Turns of the event loop in which the reader would have read on, had it not been held.
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return { taken: () => taken, all };
};

describe('a reader slower than the upstream', () => {
  it('makes the upstream wait, and loses nothing', async () => {
    const chunks = 1000;
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    await peer.chunk('first\n');
    expect(await first).toEqual(['first']);
    const { taken, all } = await flood(peer, chunks);
    expect(taken() * CHUNK.length).toBeLessThan(MOST_IN_FLIGHT);
    expect(call.context.bytes).toBeLessThan(512 * 1024);
    const rest = call.rest();
    await all;
    await peer.send('4\r\nend\n\r\n0\r\n\r\n');
    const lines = await rest;
    expect(lines).toHaveLength(chunks * LINES_PER_CHUNK + 1);
    expect(lines.at(-1)).toBe('end');
    expect(call.context.bytes).toBe('first\nend\n'.length + chunks * CHUNK.length);
  });

  it('does not stop an answer that the decoder keeps to the end', async () => {
    const lines = openCall(session).rest();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    for (let part = 0; part < 64; part += 1) await peer.chunk('y'.repeat(64 * 1024));
    await peer.chunk('\nend\n');
    await peer.send('0\r\n\r\n');
    expect((await lines).map((line) => line.length)).toEqual([4 * 1024 * 1024, 3]);
  });

  it('can leave while the upstream waits', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked');
    await peer.chunk('first\n');
    await first;
    const { all } = await flood(peer, 400);
    await call.batches.return?.();
    await peer.closed;
    await all;
  });

  it('is cut off at 64 MiB where the connection cannot be paused', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'connection: close');
    await peer.send('first\n');
    expect(await first).toEqual(['first']);
    const large = Buffer.concat([Buffer.alloc(1024 * 1024 - 1, 'x'), Buffer.from('\n')]);
    for (let sent = 0; sent < 80 && !peer.socket.destroyed; sent += 1) await peer.send(large);
    peer.socket.end();
    await peer.closed;
    expect((await call.next())?.length).toBeLessThan(70);
    await expect(call.next()).rejects.toMatchObject({
      code: 'stream-interrupted',
      message: expect.stringContaining('wait to be read'),
    });
  });

  it.each([
    [
      'chunked',
      ['transfer-encoding: chunked', 'connection: close'],
      (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`,
    ],
    ['delimited by the close', ['connection: close'], (text: string) => text],
  ])('survives the end and the reset of a connection that is not kept, %s', async (_how, headers, frame) => {
    for (const finish of ['end', 'resetAndDestroy'] as const) {
      const call = openCall(session);
      const first = call.next();
      const peer = await server.peer();
      await peer.request();
      await peer.head('200 OK', ...headers);
      await peer.send(frame('first\n'));
      await first;
      const line = LINE.repeat(270);
      await peer.send(frame(line));
      while (call.context.bytes < line.length) await call.context.reached('bytes');
      peer.socket[finish]();
      await peer.closed;
      await expect(call.rest()).rejects.toMatchObject({ code: 'stream-interrupted' });
    }
  });
});

describe('a compressed answer', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', (data: Buffer) => data],
    ['identity, gzip', gzipSync],
  ])('in %s is decoded', async (encoding, compress) => {
    const lines = openCall(session).rest();
    const peer = await server.peer();
    await peer.request();
    await peer.answer(compress(Buffer.from('a\nb\nend\n')), '200 OK', `content-encoding: ${encoding}`);
    expect(await lines).toEqual(['a', 'b', 'end']);
  });

  it.each([
    ['gzip', () => createGzip({ flush: constants.Z_SYNC_FLUSH })],
    ['br', () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })],
  ])('in %s arrives live, line by line', async (encoding, compressor) => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked', `content-encoding: ${encoding}`);
    const packed = compressor().on('data', (part: Buffer) => void peer.chunk(part));
    packed.write('a\n');
    expect(await first).toEqual(['a']);
    const second = call.next();
    packed.write('b\n');
    expect(await second).toEqual(['b']);
    const rest = call.rest();
    packed.end('end\n');
    packed.once('end', () => void peer.send('0\r\n\r\n'));
    expect(await rest).toEqual(['end']);
  });

  it('that is empty is an empty answer, not a truncated one', async () => {
    const lines = openCall(session).rest();
    const peer = await server.peer();
    await peer.request();
    await peer.answer('', '200 OK', 'content-encoding: gzip');
    await expect(lines).rejects.toMatchObject({ message: 'no proof' });
  });

  it('that is damaged is malformed, after what was whole', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked', 'content-encoding: gzip');
    const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH }).on('data', (part: Buffer) => void peer.chunk(part));
    gzip.write('a\n');
    expect(await first).toEqual(['a']);
    const next = call.next();
    await peer.chunk(Buffer.alloc(64, 0xff));
    await expect(next).rejects.toMatchObject({ code: 'malformed-response', cause: { code: 'Z_DATA_ERROR' } });
    await peer.closed;
  });

  it('that stops in the middle is for the decoder to judge, after what was whole', async () => {
    const whole = gzipSync('a\nb\nend\n');
    const lines = openCall(session).rest();
    const peer = await server.peer();
    await peer.request();
    await peer.answer(whole.subarray(0, 11), '200 OK', 'content-encoding: gzip');
    await expect(lines).rejects.toMatchObject({ message: 'broken', cause: { code: 'Z_BUF_ERROR' } });
  });

  it('on a connection that breaks delivers what came, then the break', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked', 'content-encoding: gzip');
    const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
    gzip.once('data', (part: Buffer) => {
      void peer.chunk(part).then(() => peer.socket.end());
    });
    gzip.write('a\nb\n');
    expect(await first).toEqual(['a', 'b']);
    await expect(call.next()).rejects.toMatchObject({ message: 'broken', cause: { code: 'UND_ERR_SOCKET' } });
  });

  it('in an unknown encoding is malformed and says which', async () => {
    const lines = openCall(session).rest();
    const peer = await server.peer();
    await peer.request();
    await peer.answer('???', '200 OK', 'content-encoding: zstd');
    await expect(lines).rejects.toMatchObject({ code: 'malformed-response', message: expect.stringContaining('zstd') });
  });

  it('that unpacks to more than the bound is malformed, and the connection is closed', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const call = openCall(session, { maxBodyBytes: 1024 * 1024 });
    const lines = call.rest();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked', 'content-encoding: gzip');
    await peer.chunk(bomb);
    await expect(lines).rejects.toMatchObject({
      code: 'malformed-response',
      message: expect.stringContaining('longer than 1048576 bytes'),
    });
    await peer.closed;
  });

  it('that unpacks to nothing without end is malformed', async () => {
    const call = openCall(session, { maxBodyBytes: 1000 });
    const lines = call.rest();
    const peer = await server.peer();
    await peer.request();
    await peer.head('200 OK', 'transfer-encoding: chunked', 'content-encoding: gzip');
    await peer.chunk(Buffer.from('1f8b0800000000000003', 'hex'));
    await peer.chunk(Buffer.from('000000ffff'.repeat(300), 'hex'));
    await expect(lines).rejects.toMatchObject({ code: 'malformed-response' });
    await peer.closed;
  });

  it('unpacks no further than the reader reads', async () => {
    // 64 MiB of short lines in a few KiB.
    const lines = 32 * 1024 * 1024;
    const packed = gzipSync(Buffer.concat([Buffer.alloc(lines * 2, 'z\n'), Buffer.from('end\n')]));
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.answer(packed, '200 OK', 'content-encoding: gzip');
    expect((await first)?.[0]).toBe('z');
    for (let turn = 0; turn < 2000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const second = await call.next();
    expect(second?.length).toBeGreaterThan(1000);
    expect(second?.length).toBeLessThan(512 * 1024);
    await call.batches.return?.();
  });

  it('can be cancelled while it is unpacked', async () => {
    const call = openCall(session);
    const first = call.next();
    const peer = await server.peer();
    await peer.request();
    await peer.answer(gzipSync(Buffer.alloc(8 * 1024 * 1024, 'z\n')), '200 OK', 'content-encoding: gzip');
    await first;
    const reason = new Error('enough');
    call.context.cancel(reason);
    await expect(call.next()).rejects.toBe(reason);
  });
});
