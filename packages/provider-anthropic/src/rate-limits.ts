import type { HttpAnswer } from '@headrace/wire';

const KINDS = ['requests', 'tokens', 'input-tokens', 'output-tokens'] as const;
/** RFC 3339. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

const textOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value.trim() : '');

/**
 * How long until every limit that is used up has room again, in ms, by the `anthropic-ratelimit-…` headers. For a 429
 * without `retry-after`: limits that are not used up say when they are full again, which nobody has to wait for.
 * Source: https://platform.claude.com/docs/en/api/rate-limits#response-headers
 * @param epochMs now, in ms since the Unix epoch.
 */
export const resetAfterMs = (headers: HttpAnswer['headers'], epochMs: number): number | undefined => {
  let longest: number | undefined;
  for (const kind of KINDS) {
    if (textOf(headers[`anthropic-ratelimit-${kind}-remaining`]) !== '0') continue;
    const reset = textOf(headers[`anthropic-ratelimit-${kind}-reset`]);
    const wait = TIMESTAMP.test(reset) ? Date.parse(reset) - epochMs : Number.NaN;
    if (wait >= 0) longest = Math.max(longest ?? 0, wait);
  }
  return longest;
};
