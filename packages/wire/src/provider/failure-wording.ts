import {
  ContentPolicyError,
  ContextLengthError,
  type GatewayError,
  type GatewayErrorOptions,
} from '@headrace/core/plugin';
import type { UpstreamFailure } from './upstream-failure.js';

const CONTEXT_LENGTH =
  /context[ _](?:length|window|size)[^.]{0,80}(?:exceed|limit|maximum|too)|(?:exceed|maximum|longer than|too long for|larger than)[^.]{0,80}context[ _](?:length|window|size)|prompt is too long|input(?: is|'s)? too long|input token count[^.]{0,60}exceeds|too many (?:input|prompt) tokens|prompt contains at least \d+ input tokens/i;

const CONTENT_POLICY =
  /content[ _](?:policy|filter|management policy|moderation)|safety (?:system|policy|filter)|usage polic(?:y|ies)|flagged (?:as|for|by)|responsible ai policy/i;

/** An account without money. */
const NO_MONEY =
  /insufficient[ _](?:funds|credits?|balance)|(?:credit|account) balance (?:is )?(?:too low|insufficient|exhausted|empty)|(?:out of|not enough|no more|no remaining) credits?\b|payment required/i;

/** A limit on money that was reached. */
const NO_BUDGET =
  /(?:budget|spend(?:ing)?(?: limit| cap)?|billing (?:hard )?limit)\b[^.]{0,60}\b(?:exceeded|exhausted|reached|used up)|exceeded[^.]{0,40}\b(?:budget|spend(?:ing)?(?: limit| cap)|billing)/i;

/** Said of spent money, and by one maker of haste as well: that one then says how long to wait. */
const PLAN = /exceeded your current quota/i;

/**
 * Whether a failure is about spent money, though its words are general ones: that is never mended by waiting.
 * Under a 400 a "budget" may be one of thinking tokens, so only an empty account counts there.
 */
export const isAboutMoney = (
  { status, message, retryAfterMs }: UpstreamFailure,
  waitMs: number | undefined,
): boolean => {
  if (status !== undefined && ![400, 403, 429].includes(status)) return false;
  if (NO_MONEY.test(message)) return true;
  if (status === 400) return false;
  return NO_BUDGET.test(message) || (PLAN.test(message) && waitMs === undefined && retryAfterMs === undefined);
};

/** Upstream's refusals come under general types; their wording tells them apart. */
export const byWording = (
  { status, message }: UpstreamFailure,
  text: string,
  options: GatewayErrorOptions,
): GatewayError | undefined => {
  // A body that is too large here may fit another target.
  if (status === 413) return new ContextLengthError(text, options);
  const isGeneral = status === undefined || status === 400 || status === 422;
  if (isGeneral && CONTEXT_LENGTH.test(message)) return new ContextLengthError(text, options);
  if ((isGeneral || status === 403) && CONTENT_POLICY.test(message)) return new ContentPolicyError(text, options);
  return undefined;
};
