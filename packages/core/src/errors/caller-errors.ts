import type { Warning } from '../contract/warning.js';
import { GatewayError, type GatewayErrorOptions } from './gateway-error.js';

/** One thing wrong with the input. */
export interface InputIssue {
  /** Path of the field, such as `messages[0].content` or `temperature`. */
  readonly field: string;
  readonly message: string;
  /** What the caller can do. */
  readonly remedy?: string;
}

const sentence = (issue: InputIssue): string =>
  `${issue.field}: ${issue.message}${issue.remedy === undefined ? '' : ` ${issue.remedy}`}`;

const listed = (lead: string, issues: readonly InputIssue[]): string =>
  issues.length === 1 && issues[0] !== undefined
    ? `${lead}: ${sentence(issues[0])}`
    : `${lead}:\n${issues.map((issue) => `  - ${sentence(issue)}`).join('\n')}`;

/** The request is wrong. Nothing was sent, unless `upstream` says that the upstream found the fault. */
export class InvalidRequestError extends GatewayError {
  readonly code = 'invalid-request';
  readonly failureClass = 'caller';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[], options?: GatewayErrorOptions) {
    super(listed('The request is not valid', issues), options);
    this.issues = issues;
  }
}

const issueOfLoss = ({ field = 'request', message }: Warning): InputIssue => ({
  field,
  message: `is refused by \`strict\`; without it: ${message}`,
});

/**
 * A strict call asks for what this upstream would be sent less of, or in another way. Nothing was sent; another provider may
 * take the request as it is.
 */
export class RequestLossError extends InvalidRequestError {
  /** What would have been lost, as the warnings say that come without `strict`. At least one. */
  readonly losses: readonly Warning[];

  constructor(losses: readonly Warning[], options?: GatewayErrorOptions) {
    super(losses.map(issueOfLoss), options);
    this.losses = losses;
  }

  /** Holds across duplicate copies of this package, where `instanceof` does not. */
  static override is(value: unknown): value is RequestLossError {
    return GatewayError.is(value) && value.code === 'invalid-request' && 'losses' in value;
  }
}

/** Options of a gateway or a provider are wrong. Thrown while wiring, before any call. */
export class ConfigurationError extends GatewayError {
  readonly code = 'invalid-configuration';
  readonly failureClass = 'caller';
  readonly issues: readonly InputIssue[];

  constructor(subject: string, issues: readonly InputIssue[], options?: GatewayErrorOptions) {
    super(listed(`The options of ${subject} are not valid`, issues), options);
    this.issues = issues;
  }
}

/** No provider of that name. */
export class UnknownProviderError extends GatewayError {
  readonly code = 'unknown-provider';
  readonly failureClass = 'caller';
}

/** Two providers of one name in one gateway. */
export class DuplicateProviderError extends GatewayError {
  readonly code = 'duplicate-provider';
  readonly failureClass = 'caller';
}

/** The model is not known here, or the upstream does not have it. */
export class ModelNotFoundError extends GatewayError {
  readonly code = 'model-not-found';
  readonly failureClass = 'model-not-found';
}

/** The input is longer than the model takes. */
export class ContextLengthError extends GatewayError {
  readonly code = 'context-length-exceeded';
  readonly failureClass = 'context-length';
}

/** The upstream refused the content. */
export class ContentPolicyError extends GatewayError {
  readonly code = 'content-policy';
  readonly failureClass = 'content-policy';
}

/** The tries that one call may make are used up. */
export class AttemptsExhaustedError extends GatewayError {
  readonly code = 'attempts-exhausted';
  readonly failureClass = 'caller';
}
