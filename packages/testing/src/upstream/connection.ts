import type { Socket } from 'node:net';
import { Arrivals } from '../arrivals.js';

/** One connection to a server of this package. */
export interface Connection {
  /** From 1. */
  readonly number: number;
  /** Settles when it is closed, by whichever side. Never rejects. */
  readonly closed: Promise<void>;
  readonly isClosed: boolean;
}

/** How many connections there are, and were. */
export interface ConnectionCount {
  readonly open: number;
  readonly total: number;
}

/** The connections of one server. */
export class Connections {
  readonly #open = new Map<Socket, Connection>();
  readonly #arrivals = new Arrivals<Connection>();

  add(socket: Socket): void {
    const open = this.#open;
    const connection: Connection = {
      number: this.#arrivals.items.length + 1,
      closed: new Promise((resolve) => {
        socket.once('close', () => {
          open.delete(socket);
          resolve();
        });
      }),
      get isClosed() {
        return !open.has(socket);
      },
    };
    open.set(socket, connection);
    this.#arrivals.add(connection);
  }

  /** Absent once it is closed. */
  of(socket: Socket): Connection | undefined {
    return this.#open.get(socket);
  }

  nth(number: number): Promise<Connection> {
    return this.#arrivals.nth(number);
  }

  get count(): ConnectionCount {
    return { open: this.#open.size, total: this.#arrivals.items.length };
  }

  breakAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }
}
