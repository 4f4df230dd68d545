import { afterEach, beforeEach } from '@jest/globals';
import type { HttpSession } from '../http-session.js';
import { openSession } from './open-call.js';
import { SocketServer } from './socket-server.js';

/** Gives each test of a file a server and a session to it, and takes them down after it. */
export const eachWithServer = (
  take: (made: { readonly server: SocketServer; readonly session: HttpSession }) => void,
): void => {
  let made: { readonly server: SocketServer; readonly session: HttpSession } | undefined;

  beforeEach(async () => {
    const server = await SocketServer.start();
    made = { server, session: openSession(server.origin) };
    take(made);
  });

  afterEach(async () => {
    await made?.session.close();
    await made?.server.stop();
  });
};
