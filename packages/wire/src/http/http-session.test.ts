import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openCall, openSession } from './__fixtures__/open-call.js';
import { loopbackCertificate, SocketServer } from './__fixtures__/socket-server.js';
import { TunnelProxy } from './__fixtures__/tunnel-proxy.js';
import { HttpSession } from './http-session.js';

const opened: { stop(): Promise<void> }[] = [];

const use = async <T extends { stop(): Promise<void> }>(start: Promise<T>): Promise<T> => {
  const service = await start;
  opened.push(service);
  return service;
};

const session = (...args: Parameters<typeof openSession>): HttpSession => {
  const made = openSession(...args);
  opened.push({ stop: () => made.close() });
  return made;
};

afterEach(async () => {
  for (const service of opened.splice(0).reverse()) await service.stop();
});

const errorOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('no error'),
    (error: unknown) => error as Error,
  );

describe('options of a session', () => {
  it.each([
    ['origin', { origin: 'ftp://x.example' }],
    ['origin', { origin: 'no url' }],
    ['origin', { origin: 'https://x.example/v1' }],
    ['origin', { origin: 'https://user:secret@x.example' }],
    ['connectTimeoutMs', { connectTimeoutMs: 0 }],
    ['maxConnections', { maxConnections: 1.5 }],
    ['keepAliveMs', { keepAliveMs: -1 }],
    ['maxHeaderBytes', { maxHeaderBytes: Number.NaN }],
    ['ca', { ca: 'secret nonsense' }],
    ['proxy', { proxy: 'ftp://user:secret@proxy.example' }],
    ['proxy', { proxy: 'http://user:secret%@proxy.example' }],
    ['proxy', { proxy: 'http://' }],
  ])('are refused with the name of the field: %s %j', (field, options) => {
    const make = () => new HttpSession({ origin: 'https://x.example', env: {}, ...options });
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid-configuration', issues: [expect.objectContaining({ field })] }),
    );
    expect(make).not.toThrow(/secret/);
  });

  it('keep the origin in its normal form', () => {
    expect(session('HTTPS://X.Example:443/').origin).toBe('https://x.example');
  });
});

describe('a connection that does not come about', () => {
  it('because nothing listens is a transport failure that says so', async () => {
    const server = await SocketServer.start();
    const { origin } = server;
    await server.stop();
    const error = await errorOf(openCall(session(origin)).rest());
    expect(error).toMatchObject({ code: 'connection-failed', isRetryable: true, cause: { code: 'ECONNREFUSED' } });
    expect(error.message).toBe(
      `${origin} refused the connection: nothing listens there. Check the base URL (ECONNREFUSED).`,
    );
  });

  it('in time is a connect timeout', async () => {
    const server = await use(SocketServer.start());
    const origin = server.origin.replace('http:', 'https:');
    const call = openCall(session(origin, { connectTimeoutMs: 30 }));
    const error = await errorOf(call.rest());
    expect(error).toMatchObject({ code: 'connect-timeout', clock: 'connect', limitMs: 30 });
    expect(error.message).toContain(`${origin} within 30 ms`);
    expect(call.context.phases).toEqual([]);
    await server.peers[0]?.closed;
  });

  it('gives each of many waiting calls an error of its own', async () => {
    const server = await use(SocketServer.start());
    const stuck = session(server.origin.replace('http:', 'https:'), { connectTimeoutMs: 30, maxConnections: 1 });
    const errors = await Promise.all(
      [openCall(stuck), openCall(stuck), openCall(stuck)].map((call) => errorOf(call.rest())),
    );
    expect(errors.map((error) => Object(error).code)).toEqual(Array(3).fill('connect-timeout'));
    expect(new Set(errors).size).toBe(3);
  });

  it('recovers once the server is there', async () => {
    const server = await SocketServer.start();
    const { origin, port } = server;
    await server.stop();
    const patient = session(origin);
    await errorOf(openCall(patient).rest());
    const again = await use(SocketServer.start('http', port));
    again.serve((peer) => peer.answer('end\n'));
    expect(await openCall(patient).rest()).toEqual(['end']);
  });
});

describe('TLS', () => {
  it('refuses a certificate nobody vouches for and names the remedy', async () => {
    const server = await use(SocketServer.start('https'));
    const error = await errorOf(openCall(session(server.origin)).rest());
    expect(error).toMatchObject({ code: 'connection-failed', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(error.message).toContain('option `ca`');
    expect(server.peers.every((peer) => peer.received === '')).toBe(true);
  });

  it.each([
    ['text', loopbackCertificate],
    ['a list', [loopbackCertificate]],
  ])('trusts what `ca` adds, given as %s', async (_how, ca) => {
    const server = await use(SocketServer.start('https'));
    server.serve((peer) => peer.answer('end\n'));
    expect(await openCall(session(server.origin, { ca })).rest()).toEqual(['end']);
  });

  it('against a server that speaks plain HTTP points at the scheme', async () => {
    const server = await use(SocketServer.start());
    const talking = server.peer().then((peer) => peer.send('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const error = await errorOf(openCall(session(server.origin.replace('http:', 'https:'))).rest());
    await talking;
    expect(error).toMatchObject({ code: 'connection-failed' });
    expect(error.message).toContain('right scheme and port');
  });
});

describe('closing a session', () => {
  it('fails calls in every phase, closes every socket and is idempotent', async () => {
    const server = await use(SocketServer.start());
    const busy = session(server.origin, { maxConnections: 3 });
    const waiting = openCall(busy);
    const headers = errorOf(waiting.rest());
    const first = await server.peer();
    await first.request();
    const reading = openCall(busy);
    const body = errorOf(reading.rest());
    const second = await server.peer();
    await second.request();
    const seen = reading.context.reached('bytes');
    await second.head('200 OK', 'transfer-encoding: chunked');
    await second.chunk('a\n');
    await seen;
    const failing = errorOf(openCall(busy).rest());
    const third = await server.peer();
    await third.request();
    const queued = errorOf(openCall(busy).rest());
    const closing = busy.close();
    expect(busy.close()).toBe(closing);
    await closing;
    for (const error of await Promise.all([headers, body, failing, queued])) {
      expect(error).toMatchObject({ code: 'gateway-disposed', failureClass: 'cancelled' });
    }
    await Promise.all([first.closed, second.closed, third.closed]);
    await busy.close();
  });

  it('drops a socket that is still connecting', async () => {
    const server = await use(SocketServer.start());
    const stuck = session(server.origin.replace('http:', 'https:'));
    const error = errorOf(openCall(stuck).rest());
    const peer = await server.peer();
    await stuck.close();
    expect(await error).toMatchObject({ code: 'gateway-disposed' });
    await peer.closed;
  });

  it('drops idle connections and fails later calls', async () => {
    const server = await use(SocketServer.start());
    server.serve((peer) => peer.answer('end\n'));
    const used = session(server.origin);
    await Promise.all(Array.from({ length: 20 }, () => openCall(used).rest()));
    expect(server.open).toBeGreaterThan(0);
    await used.close();
    await Promise.all(server.peers.map((peer) => peer.closed));
    expect(await errorOf(openCall(used).rest())).toMatchObject({ code: 'gateway-disposed' });
  });

  it('of a session that never opened anything is fine', async () => {
    await session('https://x.example').close();
  });
});

describe('a proxy', () => {
  it.each(['http', 'https'] as const)('is asked for a tunnel to an %s origin', async (scheme) => {
    const server = await use(SocketServer.start(scheme));
    server.serve((peer, request) => peer.answer(`${/^host: (.*)$/im.exec(request)?.[1] ?? ''}\nend\n`));
    const proxy = await use(TunnelProxy.start());
    const tunnelled = session(server.origin, {
      proxy: `http://us%40er:pa%3Ass@${proxy.host}`,
      ca: loopbackCertificate,
    });
    const call = openCall(tunnelled);
    expect(await call.rest()).toEqual([`127.0.0.1:${server.port}`, 'end']);
    expect(call.context.phases).toEqual(['connected', 'headers', 'bytes']);
    expect(proxy.targets).toEqual([`127.0.0.1:${server.port}`]);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`]);
    expect(server.peers[0]?.received).not.toMatch(/proxy-authorization/i);
  });

  it('keeps tunnels for later calls, and closing the session closes them', async () => {
    const server = await use(SocketServer.start('https'));
    server.serve((peer) => peer.answer('end\n'));
    const proxy = await use(TunnelProxy.start());
    const tunnelled = session(server.origin, { proxy: `http://${proxy.host}`, ca: loopbackCertificate });
    for (let i = 0; i < 6; i += 1) expect(await openCall(tunnelled).rest()).toEqual(['end']);
    expect(proxy.targets.length).toBeLessThanOrEqual(2);
    await tunnelled.close();
    await Promise.all(server.peers.map((peer) => peer.closed));
    await proxy.idle();
    expect(server.open).toBe(0);
  });

  it('is taken from the environment, but not for an origin on loopback', async () => {
    const server = await use(SocketServer.start());
    server.serve((peer) => peer.answer('end\n'));
    const proxy = await use(TunnelProxy.start());
    const env = { HTTP_PROXY: proxy.host };
    const named = `upstream.example:${server.port}`;
    expect(await openCall(session(`http://${named}`, { env })).rest()).toEqual(['end']);
    expect(await openCall(session(server.origin, { env })).rest()).toEqual(['end']);
    expect(proxy.targets).toEqual([named]);
  });

  it('that refuses the credentials is a matter of configuration', async () => {
    const proxy = await use(TunnelProxy.start(407));
    const error = await errorOf(
      openCall(session('http://127.0.0.1:9', { proxy: `http://user:secret@${proxy.host}` })).rest(),
    );
    expect(error).toMatchObject({ code: 'invalid-configuration', issues: [{ field: 'proxy' }] });
    expect(error.message).toContain('HTTP 407');
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  it('that does not reach the origin is named with its answer', async () => {
    const proxy = await use(TunnelProxy.start(502));
    const error = await errorOf(openCall(session('http://127.0.0.1:9', { proxy: `http://${proxy.host}` })).rest());
    expect(error).toMatchObject({ code: 'connection-failed' });
    expect(error.message).toBe(
      `The proxy http://${proxy.host} did not open a tunnel to http://127.0.0.1:9: it answered HTTP 502.`,
    );
  });

  it('that is not there is named instead of the origin', async () => {
    const proxy = await TunnelProxy.start();
    const { host } = proxy;
    await proxy.stop();
    const error = await errorOf(
      openCall(session('https://127.0.0.1:9', { proxy: `http://user:secret@${host}` })).rest(),
    );
    expect(error).toMatchObject({ code: 'connection-failed', cause: { code: 'ECONNREFUSED' } });
    expect(error.message).toContain(`The proxy http://${host} refused the connection`);
    expect(error.message).not.toContain('secret');
  });

  it('that never answers falls to the connect timeout', async () => {
    const proxy = await use(TunnelProxy.start('silent'));
    const error = await errorOf(
      openCall(session('https://127.0.0.1:9', { proxy: `http://${proxy.host}`, connectTimeoutMs: 50 })).rest(),
    );
    expect(error).toMatchObject({ code: 'connect-timeout' });
    expect(error.message).toContain(`through the proxy http://${proxy.host}`);
    await proxy.idle();
  });

  it('that never answers does not hold up close()', async () => {
    const proxy = await use(TunnelProxy.start('silent'));
    const stuck = session('https://127.0.0.1:9', { proxy: `http://${proxy.host}` });
    const error = errorOf(openCall(stuck).rest());
    await proxy.asked();
    await stuck.close();
    expect(await error).toMatchObject({ code: 'gateway-disposed' });
    await proxy.idle();
  });

  it('behind which TLS never finishes falls to the connect timeout and does not hold up close()', async () => {
    const server = await use(SocketServer.start());
    const proxy = await use(TunnelProxy.start());
    const origin = server.origin.replace('http:', 'https:');
    const stuck = session(origin, { proxy: `http://${proxy.host}`, connectTimeoutMs: 100 });
    expect(await errorOf(openCall(stuck).rest())).toMatchObject({ code: 'connect-timeout' });
    await stuck.close();
    await Promise.all(server.peers.map((peer) => peer.closed));
    await proxy.idle();
  });

  it('keeps its password out of a printed session', () => {
    const printed = inspect(session('https://x.example', { proxy: 'http://user:secret@127.0.0.1:1' }), {
      depth: 20,
      showHidden: true,
    });
    expect(printed).not.toContain('secret');
    expect(printed).not.toContain(Buffer.from('user:secret').toString('base64'));
  });
});
