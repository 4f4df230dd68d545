import type { CallContext, Clock, DelegatedAttempts } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import type { HttpAnswer } from '../http/body-decoder.js';
import type { Headers } from './call-headers.js';

/** What is known of an upstream that is a gateway like this one, and counts attempts as it does. */
export interface NestedGateway {
  /** Attempts that it may make in one of ours: integer 1–10. Undefined: all that the call has left. */
  readonly maxAttempts: number | undefined;
}

/** See `CommonOptions.nested`. */
export type NestedOption = boolean | { readonly maxAttempts?: number | undefined };

export const nestedOptionSchema = z.union(
  [z.boolean(), z.strictObject({ maxAttempts: z.int().min(1).max(10).optional() })],
  {
    error: ({ code }) => (code === 'invalid_union' ? 'must be true, false or { maxAttempts } from 1 to 10' : undefined),
  },
);

export const nestedOf = (option: NestedOption | undefined): NestedGateway | undefined => {
  if (option === undefined || option === false) return undefined;
  return { maxAttempts: option === true ? undefined : option.maxAttempts };
};

/** Names of the headers, as `@headrace/core` documents them. */
const MAX_ATTEMPTS = 'headrace-max-attempts';
const TIMEOUT_MS = 'headrace-timeout-ms';
const ATTEMPTS_USED = 'headrace-attempts-used';

/** How a stream says it, in a comment before its last frame: its headers were gone before anybody knew. */
const USED_COMMENT = new RegExp(`^ ?${ATTEMPTS_USED}: ?([0-9]{1,6})$`);

const single = (answer: HttpAnswer, name: string): string | undefined => {
  const value = answer.headers[name];
  return typeof value === 'string' ? value.trim() : undefined;
};

/** What one attempt says to a nested gateway, and hears of it. */
export class NestedAttempt {
  readonly #delegated: DelegatedAttempts | undefined;

  constructor(
    private readonly nested: NestedGateway,
    private readonly context: CallContext,
    private readonly clock: Clock,
  ) {
    this.#delegated = context.delegateAttempts?.(nested.maxAttempts);
  }

  /** What is left of the call as it is sent. */
  get headers(): Headers {
    const headers: Record<string, string> = {};
    // Outside a gateway an attempt is one attempt.
    headers[MAX_ATTEMPTS] = String(this.#delegated?.granted ?? this.nested.maxAttempts ?? 1);
    const leftMs = Math.floor(this.context.deadline - this.clock.now());
    if (Number.isFinite(leftMs)) headers[TIMEOUT_MS] = String(Math.max(1, leftMs));
    return headers;
  }

  /** An answer with its status. One that does not say what was used may come from somebody between us: all of it counts. */
  answered(answer: HttpAnswer): void {
    const used = single(answer, ATTEMPTS_USED);
    if (used !== undefined && /^[0-9]{1,6}$/.test(used)) this.#delegated?.settle(Number(used));
  }

  /** A comment in an event stream. */
  readonly heard = (comment: string): void => {
    const used = USED_COMMENT.exec(comment)?.[1];
    if (used !== undefined) this.#delegated?.settle(Number(used));
  };
}
