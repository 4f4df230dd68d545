import dns from 'node:dns';
import { request } from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startUpstream } from '../upstream/start-upstream.js';
import { reply } from '../upstream/upstream-step.js';
import { type NetworkBan, networkBan } from './network-ban.js';

// Addresses of RFC 5737 and names of RFC 2606: reserved for documents, they lead nowhere.
const AWAY = '192.0.2.1';

const failureOf = (socket: net.Socket): Promise<NodeJS.ErrnoException> =>
  new Promise((resolve, reject) => {
    socket.once('error', resolve);
    socket.once('connect', () => reject(new Error('connected')));
  });

describe('networkBan', () => {
  const { connect } = net.Socket.prototype;
  let ban: NetworkBan;

  beforeEach(() => {
    ban = networkBan();
  });

  afterEach(() => ban.undo());

  it.each([
    ['a port and a host', () => net.connect(80, AWAY)],
    ['options', () => net.connect({ port: 80, host: AWAY })],
    ['a socket of one’s own', () => new net.Socket().connect(80, AWAY)],
    ['a name', () => net.connect(443, 'upstream.example')],
    ['TLS', () => tls.connect({ port: 443, host: AWAY })],
  ])('fails a connection by %s, and notes it', async (_way, open) => {
    expect(await failureOf(open())).toMatchObject({ code: 'ENETUNREACH' });
    expect(ban.attempts).toHaveLength(1);
  });

  it('fails the look-up of a name, in every form', async () => {
    const failed = await new Promise((resolve) => {
      dns.lookup('upstream.example', resolve);
    });
    expect(failed).toMatchObject({ code: 'ENETUNREACH' });
    await expect(dns.promises.lookup('upstream.example')).rejects.toThrow('only loopback');
    await expect(dns.promises.resolveTxt('upstream.example')).rejects.toThrow('only loopback');
    expect(ban.attempts).toEqual(Array.from({ length: 3 }, () => 'the address of upstream.example'));
  });

  it('lets loopback be reached by address and by name', async () => {
    await using upstream = await startUpstream({ repeatLast: true }, reply(200, 'here'));
    for (const host of ['127.0.0.1', 'localhost']) {
      const { port } = new URL(upstream.url);
      const status = await new Promise((resolve, reject) => {
        request({ host, port, family: 4 }, (answer) => resolve(answer.resume().statusCode))
          .on('error', reject)
          .end();
      });
      expect(status).toBe(200);
    }
    expect(ban.attempts).toEqual([]);
  });

  it('leaves everything as it was, at the end', () => {
    expect(net.Socket.prototype.connect).not.toBe(connect);
    ban.undo();
    ban.undo();
    expect(net.Socket.prototype.connect).toBe(connect);
  });
});
