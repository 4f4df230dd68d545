import { InvalidRequestError, UpstreamError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { eachWithServer } from './__fixtures__/each-with-server.js';
import { lineHandlers } from './__fixtures__/line-decoder.js';
import { openCall, openSession, REQUEST } from './__fixtures__/open-call.js';
import type { SocketServer } from './__fixtures__/socket-server.js';
import { TestContext } from './__fixtures__/test-context.js';
import { httpCall } from './http-call.js';
import type { HttpSession } from './http-session.js';

let server: SocketServer;
let session: HttpSession;

eachWithServer((made) => {
  ({ server, session } = made);
});

describe('a request that is prepared', () => {
  it('may be a promise', async () => {
    server.serve((peer, request) => peer.answer(`${request.split(' ', 1)[0]}\nend\n`));
    const call = httpCall(session, async () => ({ ...REQUEST, method: 'GET' }), new TestContext(), lineHandlers());
    const batches = [];
    for await (const batch of call) batches.push(...batch.events);
    expect(batches[0]).toEqual({ type: 'text-delta', text: 'GET' });
  });

  it.each([
    [
      'throws',
      () => {
        throw new UpstreamError('no key');
      },
    ],
    ['rejects', () => Promise.reject(new UpstreamError('no key'))],
  ])('ends the call when its preparation %s', async (_how, request) => {
    const context = new TestContext();
    const iterator = httpCall(session, request, context, lineHandlers())[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toMatchObject({ message: 'no key' });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(context.listeners).toBe(0);
    expect(server.peers).toHaveLength(0);
  });

  it('refuses a header with a line break, without repeating the key, and does not use up a connection', async () => {
    const narrow = openSession(server.origin, { maxConnections: 1 });
    const error = await openCall(narrow, { headers: { authorization: 'Bearer secret-key\n' } })
      .rest()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(String(error)).toContain('headers.authorization');
    expect(String(error)).not.toContain('secret');
    server.serve((peer) => peer.answer('end\n'));
    expect(await openCall(narrow).rest()).toEqual(['end']);
    await narrow.close();
  });

  it.each([
    ['a path without a slash', { path: 'v1' }, 'path'],
    ['a path with a space', { path: '/v1 HTTP/1.1' }, 'path'],
    ['a header name with a colon', { headers: { 'a:b': 'c' } }, 'headers'],
    ['Expect', { headers: { Expect: '100-continue' } }, 'headers.Expect'],
    ['a length of its own', { headers: { 'content-length': '3' } }, 'headers.content-length'],
    ['letters outside Latin-1', { headers: { 'x-name': 'Łukasz' } }, 'headers.x-name'],
  ])('refuses %s', async (_what, request, field) => {
    await expect(openCall(session, request).rest()).rejects.toMatchObject({
      code: 'invalid-request',
      issues: [{ field }],
    });
    expect(server.peers).toHaveLength(0);
  });
});
