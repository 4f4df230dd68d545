import { GatewayError, type GatewayErrorOptions } from './gateway-error.js';

/** Too many requests for now. `retryAfterMs` says how long to wait, when the upstream did. */
export class RateLimitedError extends GatewayError {
  readonly code = 'rate-limited';
  readonly failureClass = 'rate';
}

/** The upstream has no room for now. */
export class OverloadedError extends GatewayError {
  readonly code = 'overloaded';
  readonly failureClass = 'capacity';
}

/** The upstream failed inside. */
export class UpstreamError extends GatewayError {
  readonly code = 'upstream-failed';
  readonly failureClass = 'upstream';
}

/** No answer came: refused, unknown host, TLS, or a connection that broke before the answer began. */
export class TransportError extends GatewayError {
  readonly code = 'connection-failed';
  readonly failureClass = 'transport';
}

/** The answer ended without proof that it is whole. What came before is not the answer. */
export class StreamInterruptedError extends GatewayError {
  readonly code = 'stream-interrupted';
  readonly failureClass = 'truncated';
}

/** The upstream's answer does not follow its protocol. */
export class MalformedResponseError extends GatewayError {
  readonly code = 'malformed-response';
  readonly failureClass = 'malformed';
}

/** A provider plugin broke the contract or threw something that is not a GatewayError (see `cause`). */
export class ProviderFaultError extends GatewayError {
  readonly code = 'provider-fault';
  readonly failureClass = 'malformed';
}

/** The answer is whole but does not fit the schema the caller asked for. */
export class OutputInvalidError extends GatewayError {
  readonly code = 'output-invalid';
  readonly failureClass = 'malformed';
  /** The answer as text. */
  readonly text: string;

  constructor(message: string, text: string, options?: GatewayErrorOptions) {
    super(message, options);
    this.text = text;
    // Model output may be private: kept out of printed errors.
    Object.defineProperty(this, 'text', { value: text, enumerable: false });
  }
}
