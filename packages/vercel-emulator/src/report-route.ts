import { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { add, toNumber } from './decimal.js';
import { jsonReply } from './reply.js';
import type { Route } from './route.js';
import { addTokens, type SpendLedger, type SpendSum } from './spend-ledger.js';

const day = z.iso.date('must be a day such as 2026-11-30');
const reportSchema = z.looseObject({
  start_date: day,
  end_date: day,
  group_by: z
    .enum(['day', 'user', 'model', 'tag', 'provider', 'credential_type', 'zero_data_retention', 'api_key_name'])
    .default('day'),
  date_part: z.enum(['day', 'hour']).optional(),
  user_id: z.string().optional(),
  model: z.string().optional(),
  provider: z.string().optional(),
  credential_type: z.enum(['byok', 'system']).optional(),
  zero_data_retention: z.stringbool().optional(),
  tags: z
    .string()
    .transform((text) => text.split(',').map((tag) => tag.trim()))
    .optional(),
  tags_match: z.enum(['any', 'all']).default('any'),
});

type ReportQuery = z.infer<typeof reportSchema>;
type Group = string | boolean;

function checkedQuery(query: URLSearchParams): ReportQuery {
  const parsed = reportSchema.safeParse(Object.fromEntries(query));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = String(issue?.path[0]);
    throw invalidRequest(`Invalid input: ${field}: ${issue?.message}`, field);
  }
  const { start_date: start, end_date: end, group_by: by, date_part: part } = parsed.data;
  if (end < start) throw invalidRequest('Invalid input: end_date: lies before start_date', 'end_date');
  if (part !== undefined && by !== 'day') {
    throw invalidRequest('Invalid input: date_part: needs group_by=day', 'date_part');
  }
  return parsed.data;
}

function isWanted(sum: Readonly<SpendSum>, query: ReportQuery): boolean {
  const date = sum.hour.slice(0, 10);
  const { tags } = query;
  const hasTag = (tag: string): boolean => sum.tags.includes(tag);
  return (
    date >= query.start_date &&
    date <= query.end_date &&
    (query.user_id === undefined || sum.user === query.user_id) &&
    (query.model === undefined || sum.model === query.model) &&
    (query.provider === undefined || sum.provider === query.provider) &&
    (query.credential_type === undefined || sum.credentialType === query.credential_type) &&
    (query.zero_data_retention === undefined || sum.zeroDataRetention === query.zero_data_retention) &&
    (tags === undefined || (query.tags_match === 'all' ? tags.every(hasTag) : tags.some(hasTag)))
  );
}

/** The groups that spend counts in: none for a report by user of what nobody was named for, several for several tags. */
function groupsOf(sum: Readonly<SpendSum>, { group_by: by, date_part: part }: ReportQuery): readonly Group[] {
  switch (by) {
    case 'day':
      return [part === 'hour' ? sum.hour : sum.hour.slice(0, 10)];
    case 'user':
      return sum.user === undefined ? [] : [sum.user];
    case 'tag':
      return sum.tags;
    case 'model':
    case 'provider':
      return [sum[by]];
    case 'credential_type':
      return [sum.credentialType];
    case 'zero_data_retention':
      return [sum.zeroDataRetention];
    case 'api_key_name':
      return [sum.apiKeyName];
  }
}

function row(field: string, group: Group, sums: readonly Readonly<SpendSum>[]): object {
  const cost = toNumber(add(...sums.map((sum) => sum.cost)));
  const tokens = sums.map((sum) => sum.tokens).reduce(addTokens);
  return {
    [field]: group,
    total_cost: cost,
    market_cost: toNumber(add(...sums.map(({ market }) => market))),
    surcharge_cost: 0,
    gateway_cost: cost,
    input_tokens: tokens.prompt,
    output_tokens: tokens.completion,
    cached_input_tokens: tokens.cached,
    cache_creation_input_tokens: tokens.cacheWritten,
    reasoning_tokens: tokens.reasoning,
    request_count: sums.reduce((count, { requests }) => count + requests, 0),
  };
}

function reportRows(ledger: SpendLedger, query: ReportQuery): readonly object[] {
  const groups = new Map<Group, Readonly<SpendSum>[]>();
  for (const sum of ledger.sums()) {
    if (!isWanted(sum, query)) continue;
    for (const group of groupsOf(sum, query)) groups.set(group, [...(groups.get(group) ?? []), sum]);
  }
  const field = query.date_part === 'hour' ? 'hour' : query.group_by;
  return [...groups]
    .toSorted(([left], [right]) => (String(left) < String(right) ? -1 : 1))
    .map(([group, sums]) => row(field, group, sums));
}

/** What was spent, from the books of this emulator. */
export const reportRoute: Route = {
  method: 'GET',
  path: /^\/v1\/report$/,
  needsCredential: true,
  async answer({ query }, { spend, economy }) {
    // As observed: the plan is looked at before the query.
    economy.admitReport();
    return jsonReply(200, { results: reportRows(spend, checkedQuery(query)) });
  },
};
