import { createServer } from 'node:net';
import { type Connection, type ConnectionCount, Connections } from './connection.js';
import { listenOnLoopback } from './listen.js';

/** A listener that takes connections and never sends a byte. */
export interface SilentUpstream {
  /** `http://127.0.0.1:<port>`: connects, and is never answered. */
  readonly url: string;
  /** `https://127.0.0.1:<port>`: a client that goes there stays connecting, since the TLS handshake never ends. */
  readonly secureUrl: string;
  readonly connections: ConnectionCount;
  /** The connection with this number, from 1: as soon as it is there. */
  waitForConnection(number: number): Promise<Connection>;
  /** Breaks what is open and stops listening. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a listener for the phases before an answer: connecting for ever, or connected and never answered. */
export const startSilentUpstream = async (): Promise<SilentUpstream> => {
  const connections = new Connections();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => undefined);
    // Read, or the client's close would never be seen.
    socket.resume();
  });
  const { port, stop } = await listenOnLoopback(server);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stop();
    connections.breakAll();
    return closing;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    secureUrl: `https://127.0.0.1:${port}`,
    waitForConnection: (number) => connections.nth(number),
    close,
    [Symbol.asyncDispose]: close,
    get connections() {
      return connections.count;
    },
  };
};

/** An address on 127.0.0.1 where nothing listens: connections to it are refused. `http://127.0.0.1:<port>`. */
export const refusedUrl = async (): Promise<string> => {
  const { port, stop } = await listenOnLoopback(createServer());
  await stop();
  return `http://127.0.0.1:${port}`;
};
