import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export const loopbackCertificate = readFileSync(new URL('./loopback-cert.pem', import.meta.url), 'utf8');
const loopbackKey = readFileSync(new URL('./loopback-key.pem', import.meta.url), 'utf8');

/** One connection as the server sees it. */
export class Peer {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  received = '';
  #parsed = 0;
  #wake = (): void => {};

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
      this.#wake();
    });
    socket.once('close', () => this.#wake());
  }

  /** The next whole request, head and body. */
  async request(): Promise<string> {
    for (;;) {
      const rest = this.received.slice(this.#parsed);
      const head = rest.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(rest)?.[1] ?? 0);
      if (head >= 0 && rest.length >= head + 4 + length) {
        this.#parsed += head + 4 + length;
        return rest.slice(0, head + 4 + length);
      }
      if (this.socket.destroyed) throw new Error('the client closed the connection');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends all of it at once; resolves when the kernel has taken it or the connection is gone. */
  send(...parts: (string | Uint8Array)[]): Promise<void> {
    const data = Buffer.concat(parts.map((part) => Buffer.from(part)));
    return new Promise((resolve) => this.socket.write(data, () => resolve()));
  }

  /** Sends a chunk of a chunked answer. */
  chunk(data: string | Uint8Array): Promise<void> {
    return this.send(`${Buffer.byteLength(data).toString(16)}\r\n`, data, '\r\n');
  }

  head(status = '200 OK', ...headers: string[]): Promise<void> {
    return this.send(`${[`HTTP/1.1 ${status}`, ...headers].join('\r\n')}\r\n\r\n`);
  }

  answer(body: string | Uint8Array, status = '200 OK', ...headers: string[]): Promise<void> {
    const head = [`HTTP/1.1 ${status}`, `content-length: ${Buffer.byteLength(body)}`, ...headers].join('\r\n');
    return this.send(`${head}\r\n\r\n`, body);
  }
}

/** A server that does only what the test says, connection by connection. */
export class SocketServer {
  readonly #server: Server;
  readonly peers: Peer[] = [];
  readonly #waiting: ((peer: Peer) => void)[] = [];
  readonly #fresh: Peer[] = [];
  readonly scheme: 'http' | 'https';

  private constructor(server: Server, scheme: 'http' | 'https') {
    this.#server = server;
    this.scheme = scheme;
    server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      const peer = new Peer(socket);
      this.peers.push(peer);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#fresh.push(peer);
      else waiting(peer);
    });
  }

  static async start(scheme: 'http' | 'https' = 'http', port = 0): Promise<SocketServer> {
    const server =
      scheme === 'http' ? createServer() : createTlsServer({ cert: loopbackCertificate, key: loopbackKey });
    server.on('tlsClientError', () => {});
    const self = new SocketServer(server, scheme);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return self;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  /** Connections not closed yet. */
  get open(): number {
    return this.peers.filter((peer) => !peer.socket.destroyed).length;
  }

  /** The next connection nobody has asked for yet. */
  peer(): Promise<Peer> {
    const fresh = this.#fresh.shift();
    return fresh === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(fresh);
  }

  /** Handles every connection alike, request after request. */
  serve(handle: (peer: Peer, request: string) => Promise<void>): void {
    const loop = async (peer: Peer): Promise<void> => {
      while (!peer.socket.destroyed) await handle(peer, await peer.request());
    };
    const accept = async (): Promise<void> => {
      for (;;) loop(await this.peer()).catch(() => {});
    };
    void accept();
  }

  async stop(): Promise<void> {
    for (const peer of this.peers) peer.socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
