import { gzipSync } from 'node:zlib';
import { UpstreamError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { eachWithServer } from './__fixtures__/each-with-server.js';
import type { Peer, SocketServer } from './__fixtures__/socket-server.js';
import { TestContext } from './__fixtures__/test-context.js';
import { httpJson } from './http-json.js';
import type { HttpSession } from './http-session.js';

let server: SocketServer;
let session: HttpSession;
let context: TestContext;

eachWithServer((made) => {
  ({ server, session } = made);
  context = new TestContext();
});

const ask = async (play: (peer: Peer) => Promise<void>, maxBodyBytes?: number) => {
  const request = {
    method: 'GET' as const,
    path: '/v1/models?key=secret',
    headers: { authorization: 'Bearer secret' },
  };
  const bounded = maxBodyBytes === undefined ? request : { ...request, maxBodyBytes };
  const outcome = httpJson(session, bounded, context, ({ status }, body) => new UpstreamError(`${status} ${body}`));
  const settled = outcome.catch(() => {});
  const peer = await server.peer();
  expect(await peer.request()).toMatch(/^GET \/v1\/models\?key=secret HTTP\/1\.1\r\n/);
  await play(peer);
  await settled;
  return outcome;
};

describe('reading JSON', () => {
  it('gives the parsed body with status and headers', async () => {
    const { answer, json } = await ask((peer) => peer.answer('{"data":[1,"ü"]}', '200 OK', 'x-id: 7'));
    expect(json).toEqual({ data: [1, 'ü'] });
    expect(answer).toMatchObject({ status: 200, headers: { 'x-id': '7' } });
    expect(context.listeners).toBe(0);
  });

  it('joins bodies that are cut within a character', async () => {
    const body = Buffer.from('{"name":"ü"}');
    const { json } = await ask(async (peer) => {
      await peer.head('200 OK', 'transfer-encoding: chunked');
      await peer.chunk(body.subarray(0, 10));
      await peer.chunk(body.subarray(10));
      await peer.send('0\r\n\r\n');
    });
    expect(json).toEqual({ name: 'ü' });
  });

  it('takes a byte order mark and a compressed body', async () => {
    const { json } = await ask((peer) => peer.answer(gzipSync('\ufeff[true]'), '200 OK', 'content-encoding: gzip'));
    expect(json).toEqual([true]);
  });

  it('drops keys that would reach a prototype', async () => {
    const { json } = await ask((peer) => peer.answer('{"__proto__":{"polluted":true},"a":1}'));
    expect(Object.keys(Object(json))).toEqual(['a']);
    expect(Object(json).polluted).toBeUndefined();
  });

  it.each([
    [
      '<!DOCTYPE html><html><body>secret</body></html>',
      'content-type: text/html',
      'an HTML page of the content type "text/html"',
    ],
    ['  <html>secret', 'x: y', 'an HTML page without a content type'],
    ['', 'content-type: application/json', 'an empty body of the content type "application/json"'],
    ['secret {', 'content-type: text/plain', '8 characters of other text of the content type "text/plain"'],
  ])('says what came instead: %j', async (body, header, described) => {
    const error: Error = await ask((peer) => peer.answer(body, '200 OK', header)).then(
      () => new Error('no error'),
      (reason: unknown) => reason as Error,
    );
    expect(error).toMatchObject({ code: 'malformed-response', upstream: { status: 200 } });
    expect(error.message).toContain(`answered with ${described} where JSON was expected`);
    expect(error.message).not.toContain('secret');
  });

  it('hands failures on', async () => {
    await expect(ask((peer) => peer.answer('nope', '401 No'))).rejects.toMatchObject({ message: '401 nope' });
  });

  it('tells a break within the body from a break before it', async () => {
    const cut = ask(async (peer) => {
      await peer.head('200 OK', 'content-length: 9');
      await peer.send('{"a');
      peer.socket.destroy();
    });
    await expect(cut).rejects.toMatchObject({ code: 'stream-interrupted' });
    const refused = ask(async (peer) => {
      peer.socket.destroy();
    });
    await expect(refused).rejects.toMatchObject({ code: 'connection-failed' });
  });

  it('has a bound', async () => {
    await expect(ask((peer) => peer.answer('[1,2,3,4,5]'), 10)).rejects.toMatchObject({ code: 'malformed-response' });
    expect((await ask((peer) => peer.answer('[1,2,3,45]'), 10)).json).toEqual([1, 2, 3, 45]);
  });

  it('can be cancelled', async () => {
    const reason = new Error('no more');
    const outcome = ask(async (peer) => {
      context.cancel(reason);
      await peer.closed;
    });
    await expect(outcome).rejects.toBe(reason);
  });
});
