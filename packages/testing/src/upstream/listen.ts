import type { AddressInfo, Server } from 'node:net';

/** A server that listens on 127.0.0.1. */
export interface Listening {
  readonly port: number;
  /** Stops listening; settles when the last connection is closed. */
  readonly stop: () => Promise<void>;
}

/** Listens on a port of 127.0.0.1, a free one unless it is named, and nowhere else. */
export const listenOnLoopback = async (server: Server, wanted = 0): Promise<Listening> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
};
