import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Arrivals } from '../arrivals.js';
import { type ConnectionCount, Connections } from './connection.js';
import { Gates } from './gates.js';
import { listenOnLoopback } from './listen.js';
import { playScript } from './play-script.js';
import { type RecordedRequest, RequestRecord } from './recorded-request.js';
import { reply, type UpstreamStep } from './upstream-step.js';

/** What an upstream plays for one request, or a function that decides when the request is there. */
export type UpstreamScript = readonly UpstreamStep[] | ((request: RecordedRequest) => readonly UpstreamStep[]);

export interface UpstreamOptions {
  /** Play the last script again for every request beyond them. Default false: such a request gets a 418 that says so. */
  readonly repeatLast?: boolean;
  /** Where to listen, on 127.0.0.1. Default 0: a free port. */
  readonly port?: number;
}

/** An HTTP/1.1 server on 127.0.0.1 that plays scripts, and the record of what reached it. */
export interface Upstream {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Requests in the order in which their bodies were complete. */
  readonly requests: readonly RecordedRequest[];
  /** The request with this number, from 1: as soon as its body is complete. */
  waitForRequest(number: number): Promise<RecordedRequest>;
  readonly connections: ConnectionCount;
  /** Lets every `pause(name)` go on, those still to come included. */
  release(name: string): void;
  /** Settles when a script stands at `pause(name)` for the first time. */
  reached(name: string): Promise<void>;
  /** Breaks what is open and stops listening. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const TOO_MANY = 418;

const bodyOf = async (message: IncomingMessage): Promise<Uint8Array> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

const isScript = (value: UpstreamScript | UpstreamOptions): value is UpstreamScript =>
  Array.isArray(value) || typeof value === 'function';

/**
 * Starts a server that answers the first request with the first script, the second with the second, and so on, whatever
 * their paths. Every step happens when the one before it is done, and pauses end when you say so; timers are used by
 * `delay`, `drip` and `repeat` only.
 * The steps `text`, `reasoning`, `toolCall` and `end` speak OpenAI chat as Vercel AI Gateway does: frames for a request
 * with `"stream": true`, otherwise one whole reply at `end()`.
 *
 * @example
 * await using upstream = await startUpstream([text('partial'), reset()], [text('again'), end()]);
 * @param plays scripts, and options where you like among them.
 */
export const startUpstream = async (...plays: readonly (UpstreamScript | UpstreamOptions)[]): Promise<Upstream> => {
  const scripts = plays.filter(isScript);
  const { repeatLast = false, port: wanted }: UpstreamOptions = Object.assign(
    {},
    ...plays.filter((value) => !isScript(value)),
  );
  const requests = new Arrivals<RecordedRequest>();
  const gates = new Gates();
  const connections = new Connections();

  const stepsFor = (record: RecordedRequest): readonly UpstreamStep[] => {
    const script = scripts[record.number - 1] ?? (repeatLast ? scripts.at(-1) : undefined);
    if (script !== undefined) return typeof script === 'function' ? script(record) : script;
    const message = `this upstream has ${scripts.length} scripts and this is request ${record.number}`;
    return reply(TOO_MANY, { error: { message, type: 'script_exhausted' } });
  };

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = message;
    const connection = connections.of(socket);
    const body = await bodyOf(message);
    if (connection === undefined) return;
    const record = new RequestRecord(requests.items.length + 1, connection, message, body);
    record.played = playScript(stepsFor(record), { record, response, socket, gates });
    requests.add(record);
  };

  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (message, response) => {
    response.sendDate = false;
    response.on('error', () => undefined);
    // An upload that breaks off is no request; a script function that throws must not pass for an answer.
    serve(message, response).catch(() => message.socket.destroy());
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('connection', (socket) => connections.add(socket));
  const { port, stop } = await listenOnLoopback(server, wanted);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stop();
    connections.breakAll();
    return closing;
  };

  return {
    url: `http://127.0.0.1:${port}`,
    waitForRequest: (number) => requests.nth(number),
    release: (name) => gates.release(name),
    reached: (name) => gates.reached(name),
    close,
    [Symbol.asyncDispose]: close,
    get requests() {
      return requests.items;
    },
    get connections() {
      return connections.count;
    },
  };
};
