import { createServer, type IncomingMessage } from 'node:http';
import { Arrivals } from '../arrivals.js';
import { Connections } from './connection.js';
import { listenOnLoopback } from './listen.js';

/** A request whose body is still being sent. */
export interface HeldRequest {
  /** Reads on to the end of the body, or of the connection. Resolves to whether the body came whole. */
  readOn(): Promise<boolean>;
}

/** A server that reads the head of a request and leaves the body lying until it is told to read on. */
export interface HoldingUpstream {
  /** `http://127.0.0.1:<port>`. Bodies of some MiB are more than the system keeps for it. */
  readonly url: string;
  /** The request with this number, from 1: as soon as its head is there. */
  waitForRequest(number: number): Promise<HeldRequest>;
  /** Breaks what is open and stops listening. Idempotent. */
  close(): Promise<void>;
}

const held = (message: IncomingMessage): HeldRequest => ({
  readOn: () =>
    new Promise((resolve) => {
      message.once('close', () => resolve(message.complete));
      message.once('end', () => resolve(true));
      message.resume();
    }),
});

/** Starts a server for what happens while a request is being sent. It never answers. */
export const startHoldingUpstream = async (): Promise<HoldingUpstream> => {
  const requests = new Arrivals<HeldRequest>();
  const connections = new Connections();
  const server = createServer({ requestTimeout: 0, headersTimeout: 0 }, (message) => {
    message.on('error', () => undefined);
    requests.add(held(message));
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('connection', (socket) => connections.add(socket));
  const { port, stop } = await listenOnLoopback(server);
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    waitForRequest: (number) => requests.nth(number),
    close: () => {
      closing ??= stop();
      connections.breakAll();
      return closing;
    },
  };
};
