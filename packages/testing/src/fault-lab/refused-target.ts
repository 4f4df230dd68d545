import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '../upstream/listen.js';

/** An origin where connections are refused for as long as it is kept. */
export interface RefusedTarget {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Other than a port that was listened on and let go, this one cannot be taken by somebody else meanwhile: it is the near
 * end of a connection that is kept open.
 */
export const startRefusedTarget = async (): Promise<RefusedTarget> => {
  const accepted: Socket[] = [];
  const { port, stop } = await listenOnLoopback(createServer((socket) => accepted.push(socket)));
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${socket.localPort}`,
    close: () => {
      socket.destroy();
      for (const one of accepted) one.destroy();
      return stop();
    },
  };
};
