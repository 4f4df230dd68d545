import type { UpstreamAttempt } from '../contract/upstream-attempt.js';
import type { Cost, TokenUsage } from '../contract/usage.js';
import type { Receipt } from '../pipeline/receipt.js';
import { type FailureClass, RETRYABLE_CLASSES } from './failure-class.js';

const brand = Symbol.for('@headrace/core/GatewayError');

/** What the upstream said of a failure, where it said anything. Never holds keys, prompts or whole bodies. */
export interface UpstreamDetail {
  /** HTTP status of the answer. */
  readonly status?: number;
  /** The upstream's own error type and code, such as `rate_limit_exceeded`. */
  readonly type?: string;
  readonly code?: string;
  /** The request field the upstream objects to. */
  readonly param?: string;
  /** The upstream's id of the call, for its support desk. */
  readonly requestId?: string;
  /** The upstream's own tries before it gave up, where it lists them. */
  readonly attempts?: readonly UpstreamAttempt[];
  /** What it used up to the failure, where it says so: `at-least` unless it says that this is all. */
  readonly usage?: TokenUsage;
  /** What the upstream charged although it failed, where it says so. */
  readonly cost?: Cost;
}

export interface GatewayErrorOptions {
  readonly cause?: unknown;
  /** What the upstream asked to wait, in ms: a lower bound. */
  readonly retryAfterMs?: number | undefined;
  readonly upstream?: UpstreamDetail | undefined;
  /** What the upstream said of asking again (`x-should-retry`). */
  readonly shouldRetry?: boolean | undefined;
}

/** Every failure of this library. Read `code` or `failureClass`; the wording of messages may change. */
export abstract class GatewayError extends Error {
  readonly [brand] = true;
  /** Stable, kebab-case. */
  abstract readonly code: string;
  abstract readonly failureClass: FailureClass;
  /** True when part of the answer had reached the caller before the failure. */
  delivered = false;
  readonly retryAfterMs: number | undefined;
  readonly upstream: UpstreamDetail | undefined;
  /** What the upstream said of asking again, where it did: after a no the same target is not asked again. */
  readonly shouldRetry: boolean | undefined;
  /** The record of the call that failed; absent when it failed before a call began. */
  receipt: Receipt | undefined;

  constructor(message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.retryAfterMs = options.retryAfterMs;
    this.upstream = options.upstream;
    this.shouldRetry = options.shouldRetry;
    // A receipt is large and printing an error prints its fields: readable, not enumerable.
    Object.defineProperty(this, 'receipt', { value: undefined, writable: true, enumerable: false, configurable: true });
  }

  /** Whether the same call may succeed later. For callers; the pipeline reads its decision table. */
  get isRetryable(): boolean {
    return (this.shouldRetry ?? RETRYABLE_CLASSES.has(this.failureClass)) && !this.delivered;
  }

  /** Holds across duplicate copies of this package, where `instanceof` does not. */
  static is(value: unknown): value is GatewayError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
