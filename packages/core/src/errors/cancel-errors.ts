import { GatewayError } from './gateway-error.js';

/** The gateway was disposed while the call was under way, or before it. */
export class GatewayDisposedError extends GatewayError {
  readonly code = 'gateway-disposed';
  readonly failureClass = 'cancelled';
}

/** `final()` was asked for an answer whose reader left its loop early; the upstream was closed. */
export class ReaderLeftError extends GatewayError {
  readonly code = 'reader-left';
  readonly failureClass = 'cancelled';
}
