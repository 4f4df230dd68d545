import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { ConnectTimeoutFault } from './connection-faults.js';

type Connector = buildConnector.connector;

/** Every socket a session has opened and that is not closed yet, those still connecting included: a pool forgets these. */
export class OpenSockets {
  readonly #sockets = new Set<Socket>();
  #closed = false;

  /** Opens sockets with `connect`, each within `limitMs`. An exact clock: the one in undici runs in steps of half a second. */
  connector(connect: Connector, limitMs: number): Connector {
    return (options, callback) => {
      const socket: unknown = connect(options, (...outcome) => {
        clearTimeout(clock);
        callback(...outcome);
      });
      const clock = setTimeout(() => {
        if (socket instanceof Socket) socket.destroy(new ConnectTimeoutFault('connecting took too long'));
      }, limitMs);
      if (!(socket instanceof Socket)) return;
      this.#sockets.add(socket);
      socket.once('close', () => {
        clearTimeout(clock);
        this.#sockets.delete(socket);
      });
      if (this.#closed) socket.destroy();
    };
  }

  /** Destroys all of them and those that are opened from now on; resolves when the last one is closed. */
  async destroyAll(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      [...this.#sockets].map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.once('close', () => resolve()).destroy(new Error('the session is closed'));
          }),
      ),
    );
  }
}
