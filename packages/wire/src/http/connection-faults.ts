/** The connect clock ran out. One of these may fail several calls at once, so each call gets an error of its own made from it. */
export class ConnectTimeoutFault extends Error {
  readonly code = 'CONNECT_TIMEOUT';
}

/** The connection to the proxy failed, not the one to the upstream behind it. */
export class ProxyFault extends Error {
  readonly code = 'PROXY_CONNECT';
}
