import { GatewayError, type GatewayErrorOptions } from './gateway-error.js';

/** The side of a call that a middleware saw. */
export type MiddlewareSide = 'request' | 'answer';

/** A middleware of the host's refused a request, before anything was asked, or an answer. */
export class MiddlewareRefusalError extends GatewayError {
  readonly code = 'refused-by-middleware';
  readonly failureClass = 'content-policy';

  constructor(
    /** Its name. */
    readonly middleware: string,
    readonly refused: MiddlewareSide,
    reason: string,
  ) {
    super(`The middleware "${middleware}" refused the ${refused}: ${reason}`);
  }
}

/** A middleware of the host's threw (see `cause`), took too long or returned what it may not. */
export class MiddlewareFailedError extends GatewayError {
  readonly code = 'middleware-failed';
  readonly failureClass = 'caller';

  constructor(
    /** Its name. */
    readonly middleware: string,
    readonly side: MiddlewareSide,
    what: string,
    options?: GatewayErrorOptions,
  ) {
    super(`The middleware "${middleware}" ${what}`, options);
  }
}
