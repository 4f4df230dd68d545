import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** An HTTP proxy that opens tunnels, all of them to loopback whatever host is named. `refuse` answers `CONNECT` with that status instead. */
export class TunnelProxy {
  readonly targets: string[] = [];
  readonly authorizations: (string | undefined)[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  #onAsked = (): void => {};

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(refuse?: number | 'silent'): Promise<TunnelProxy> {
    const server = createServer();
    const self = new TunnelProxy(server);
    server.on('connection', (socket: Socket) => self.#track(socket));
    server.on('connect', (request: IncomingMessage, client: Socket) => {
      const target = request.url ?? '';
      self.targets.push(target);
      self.#onAsked();
      self.authorizations.push(request.headers['proxy-authorization']);
      if (refuse === 'silent') {
        client.resume().once('end', () => client.end());
        return;
      }
      if (refuse !== undefined) {
        client.end(`HTTP/1.1 ${refuse} No\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const port = Number(target.split(':')[1]);
      const upstream = connect({ host: '127.0.0.1', port }, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      self.#track(upstream);
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => client.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return self;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the next tunnel is asked for. */
  asked(): Promise<void> {
    return new Promise((resolve) => {
      this.#onAsked = resolve;
    });
  }

  /** Resolves when no connection is left on either side. */
  async idle(): Promise<void> {
    while (this.#sockets.size > 0) {
      const [socket] = this.#sockets;
      if (socket !== undefined) await once(socket, 'close');
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
