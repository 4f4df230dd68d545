import { ConfigurationError, GatewayDisposedError, type GatewayError } from '@headrace/core/plugin';
import type { Dispatcher, Pool as UndiciPool } from 'undici';
import { connectionError, type Peer } from './connection-error.js';
import type { HttpRequest } from './http-call.js';
import { OpenSockets } from './open-sockets.js';
import { proxyDispatcher } from './proxy-dispatcher.js';
import { proxyForOrigin } from './proxy-for-origin.js';
import { secureContextWith } from './secure-context.js';
import { buildConnector, Pool } from './undici-parts.js';

export interface HttpSessionOptions {
  /** Scheme, host and port, such as `https://ai-gateway.vercel.sh`. No path, no credentials. */
  readonly origin: string;
  /** Until a socket is usable: name look-up, TCP, proxy and TLS together. Ms, integer >= 1. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Calls at one time; more wait for a free connection. Integer >= 1. Default 256. */
  readonly maxConnections?: number;
  /** How long an idle connection is kept, in ms; less when the server says so. Integer >= 1. Default 30,000. */
  readonly keepAliveMs?: number;
  /** Bound on the headers of one answer, in bytes. Integer >= 1. Default 32,768. */
  readonly maxHeaderBytes?: number;
  /**
   * URL of an http or https proxy, credentials included; `false`: none. Absent: `HTTPS_PROXY` or `HTTP_PROXY` by the
   * origin's scheme unless `NO_PROXY` exempts it, each in either case; never for an origin on loopback.
   */
  readonly proxy?: string | false;
  /** Certificates in PEM that are trusted besides the usual ones. */
  readonly ca?: string | readonly string[];
  /** Where the proxy variables are read. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const invalid = (field: string, message: string): ConfigurationError =>
  new ConfigurationError('the HTTP session', [{ field, message }]);

const parseOrigin = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid('origin', 'must be an http or https URL.');
  }
  if (url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw invalid('origin', 'must be scheme, host and port only.');
  }
  return url;
};

const whole = (field: string, value: number | undefined, fallback: number): number => {
  const number = value ?? fallback;
  if (!Number.isSafeInteger(number) || number < 1) throw invalid(field, 'must be an integer of at least 1.');
  return number;
};

/**
 * The connections to one origin, kept alive and shared by all calls of a provider. Opens nothing before the first call.
 * @throws ConfigurationError for options that cannot work.
 */
export class HttpSession {
  readonly #dispatcher: Dispatcher;
  readonly #sockets = new OpenSockets();
  readonly #peer: Peer;
  #closing: Promise<void> | undefined;

  constructor(options: HttpSessionOptions) {
    const origin = parseOrigin(options.origin);
    const proxy = proxyForOrigin(origin, options.proxy, options.env ?? process.env);
    const connectTimeoutMs = whole('connectTimeoutMs', options.connectTimeoutMs, 10_000);
    const keepAliveMs = whole('keepAliveMs', options.keepAliveMs, 30_000);
    const pool: UndiciPool.Options = {
      connections: whole('maxConnections', options.maxConnections, 256),
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      maxHeaderSize: whole('maxHeaderBytes', options.maxHeaderBytes, 32_768),
      pipelining: 1,
      // The clocks of the pipeline rule; a second set would only fire at other times.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    const secureContext = options.ca === undefined ? undefined : secureContextWith(options.ca);
    this.#peer = { origin: origin.origin, proxyOrigin: proxy?.origin, connectTimeoutMs };
    const sockets = this.#sockets;
    if (proxy === undefined) {
      const direct = buildConnector({ ...(secureContext === undefined ? {} : { secureContext }), timeout: 0 });
      this.#dispatcher = new Pool(origin, { ...pool, connect: sockets.connector(direct, connectTimeoutMs) });
    } else {
      this.#dispatcher = proxyDispatcher({ proxy, sockets, connectTimeoutMs, secureContext, pool });
    }
  }

  get origin(): string {
    return this.#peer.origin;
  }

  /** The undici dispatcher, for what this package does not offer. Not a field: printing a session must not print the proxy's password. */
  get dispatcher(): Dispatcher {
    return this.#dispatcher;
  }

  /** Hands one request to the pool. `handler` hears of every failure, at once or later. */
  dispatch(request: HttpRequest, handler: Dispatcher.DispatchHandler): void {
    const { origin, proxyOrigin } = this.#peer;
    const { method, path, body = null } = request;
    // A proxy agent adds `host` to the very object it is given.
    const headers = proxyOrigin === undefined ? request.headers : { ...request.headers };
    this.#dispatcher.dispatch({ origin, method, path, headers, body }, handler);
  }

  /** The error to report when the network failed with `cause` before an answer came. */
  errorBeforeAnswer(cause: unknown): GatewayError {
    return this.disposed(cause) ?? connectionError(cause, this.#peer);
  }

  /** The error to report when it was this session's own `close()` that broke the connection. */
  disposed(cause: unknown): GatewayDisposedError | undefined {
    if (this.#closing === undefined) return undefined;
    return new GatewayDisposedError(`The connections to ${this.origin} are closed on our side.`, { cause });
  }

  /**
   * Closes every connection at once, those still connecting included, and resolves when all are closed. Calls under
   * way fail with GatewayDisposedError, and so do later ones. Idempotent; never rejects.
   */
  close(): Promise<void> {
    this.#closing ??= this.#destroy();
    return this.#closing;
  }

  async #destroy(): Promise<void> {
    // The pool first: it fails its calls with a reason before their sockets are gone.
    const destroyed = this.#dispatcher.destroy();
    await Promise.all([destroyed, this.#sockets.destroyAll()]);
  }
}
