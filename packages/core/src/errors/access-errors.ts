import { GatewayError } from './gateway-error.js';

/** No credential was found. The message names the option and the environment variables that were looked at. */
export class MissingCredentialError extends GatewayError {
  readonly code = 'missing-credential';
  readonly failureClass = 'credential';
}

/** The upstream does not accept the credential. */
export class CredentialRejectedError extends GatewayError {
  readonly code = 'credential-rejected';
  readonly failureClass = 'credential';
}

/** The credential is good but may not do this. */
export class ForbiddenError extends GatewayError {
  readonly code = 'forbidden';
  readonly failureClass = 'forbidden';
}

/** Money or tokens are spent. Waiting does not help; paying or another account does. */
export class QuotaExhaustedError extends GatewayError {
  readonly code = 'quota-exhausted';
  readonly failureClass = 'quota';
}
