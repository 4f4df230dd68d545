import type { SecureContext } from 'node:tls';
import type { buildConnector as build, Dispatcher, Pool as UndiciPool } from 'undici';
import { ConnectTimeoutFault, ProxyFault } from './connection-faults.js';
import type { OpenSockets } from './open-sockets.js';
import type { ProxyTarget } from './proxy-for-origin.js';
import { buildConnector, Pool, ProxyAgent } from './undici-parts.js';

type Connector = build.connector;

const isConnector = (value: unknown): value is Connector => typeof value === 'function';

/** Marks the failures of reaching the proxy, so that the message can blame the right machine. */
const blamingProxy =
  (connect: Connector): Connector =>
  (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error === null) callback(null, socket);
      else callback(new ProxyFault('the proxy is not reached', { cause: error }), null);
    });

/** One clock over all of it: reaching the proxy, its consent and the TLS handshake behind it. */
const withinLimit =
  (connect: Connector, limitMs: number): Connector =>
  (options, callback) => {
    const abandoned = new AbortController();
    let open = true;
    const clock = setTimeout(() => {
      open = false;
      const fault = new ConnectTimeoutFault('opening the tunnel took too long');
      abandoned.abort(fault);
      callback(fault, null);
    }, limitMs);
    const tunnel = { ...options, signal: abandoned.signal };
    connect(tunnel, (...[error, socket]) => {
      clearTimeout(clock);
      if (!open) {
        socket?.on('error', () => {}).destroy();
        return;
      }
      open = false;
      if (error === null) callback(null, socket);
      else callback(error, null);
    });
  };

export interface ProxyDispatcherOptions {
  readonly proxy: ProxyTarget;
  readonly sockets: OpenSockets;
  readonly connectTimeoutMs: number;
  readonly secureContext: SecureContext | undefined;
  /** Of the pool of tunnels to the origin. */
  readonly pool: UndiciPool.Options;
}

/** Reaches the origin through tunnels (`CONNECT`) of a proxy, for http and https origins alike. */
export const proxyDispatcher = (options: ProxyDispatcherOptions): Dispatcher => {
  const { connectTimeoutMs, proxy, secureContext, sockets } = options;
  const tls = secureContext === undefined ? {} : { secureContext };
  const toProxy = sockets.connector(buildConnector({ ...tls, timeout: 0 }), connectTimeoutMs);
  return new ProxyAgent({
    uri: proxy.origin,
    ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
    // The second clock is coarse; it closes a socket whose handshake the first one no longer waits for.
    requestTls: { ...tls, timeout: connectTimeoutMs },
    clientFactory: (origin) => new Pool(origin, { connect: blamingProxy(toProxy), headersTimeout: 0, bodyTimeout: 0 }),
    factory: (origin, given) => {
      const tunnel: unknown = Reflect.get(given, 'connect');
      if (!isConnector(tunnel)) throw new TypeError('undici gave no way to open a tunnel');
      return new Pool(origin, { ...options.pool, connect: withinLimit(tunnel, connectTimeoutMs) });
    },
  });
};
