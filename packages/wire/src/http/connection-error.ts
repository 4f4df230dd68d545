import {
  ConfigurationError,
  GatewayDisposedError,
  GatewayError,
  InvalidRequestError,
  MalformedResponseError,
  TimeoutError,
  TransportError,
} from '@headrace/core/plugin';
import { ConnectTimeoutFault, ProxyFault } from './connection-faults.js';
import { isParserFault } from './parser-fault.js';
import { unreachable } from './unreachable.js';

/** Whom a session talks to; all of it safe to print. */
export interface Peer {
  readonly origin: string;
  readonly proxyOrigin: string | undefined;
  readonly connectTimeoutMs: number;
}

const codeOf = (cause: unknown): string => {
  if (typeof cause !== 'object' || cause === null) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // Several addresses of one name were tried; the failures are mostly the same.
  return 'errors' in cause && Array.isArray(cause.errors) ? codeOf(cause.errors[0]) : '';
};

const messageOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : '';

const tunnelRefused = (cause: unknown, peer: Peer): GatewayError | undefined => {
  const status = /^Proxy response \((\d{3})\)/.exec(messageOf(cause))?.[1];
  if (status === undefined || peer.proxyOrigin === undefined) return undefined;
  if (status === '407') {
    const issue = {
      field: 'proxy',
      message: `${peer.proxyOrigin} does not accept the credentials (HTTP 407).`,
      remedy: 'Give them in the URL: http://user:password@host:port.',
    };
    return new ConfigurationError('the HTTP session', [issue], { cause });
  }
  return new TransportError(
    `The proxy ${peer.proxyOrigin} did not open a tunnel to ${peer.origin}: it answered HTTP ${status}.`,
    { cause },
  );
};

/** The error for an attempt that got no answer. Names origins only, never a path, a query or a header. */
export const connectionError = (cause: unknown, peer: Peer): GatewayError => {
  if (GatewayError.is(cause)) return cause;
  if (cause instanceof ConnectTimeoutFault) {
    const via = peer.proxyOrigin === undefined ? '' : ` through the proxy ${peer.proxyOrigin}`;
    const message = `No connection to ${peer.origin}${via} within ${peer.connectTimeoutMs} ms. Check the base URL, the network and any firewall or proxy between.`;
    return new TimeoutError('connect', peer.connectTimeoutMs, message);
  }
  if (cause instanceof ProxyFault && peer.proxyOrigin !== undefined) {
    if (cause.cause instanceof ConnectTimeoutFault) return connectionError(cause.cause, peer);
    const message = unreachable(codeOf(cause.cause), `The proxy ${peer.proxyOrigin}`, 'proxy');
    return new TransportError(message, { cause: cause.cause });
  }
  const refused = tunnelRefused(cause, peer);
  if (refused !== undefined) return refused;
  const code = codeOf(cause);
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return new GatewayDisposedError(`The connections to ${peer.origin} are closed on our side.`, { cause });
  }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return new InvalidRequestError([{ field: 'request', message: `${messageOf(cause)}.` }], { cause });
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new MalformedResponseError(`The headers of the answer of ${peer.origin} are too long.`, { cause });
  }
  if (isParserFault(cause)) {
    const hint = 'Check the scheme and the port of the base URL.';
    return new MalformedResponseError(`${peer.origin} answered with something that is not HTTP/1.1. ${hint}`, {
      cause,
    });
  }
  return new TransportError(unreachable(code, peer.origin, 'base URL'), { cause });
};
