import { type InputIssue, InvalidRequestError, nearest } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import { parsedRecord, present } from './parsed-record.js';

/** What spend is added up by. */
export type ReportGroup =
  | 'day'
  | 'user'
  | 'model'
  | 'tag'
  | 'provider'
  | 'credential_type'
  | 'zero_data_retention'
  | 'api_key_name';

/** What `VercelClient.report` is asked. Closed: an unknown field is refused. */
export interface ReportOptions {
  /** First day, `YYYY-MM-DD` in UTC. */
  readonly startDate: string;
  /** Last day, which counts too. */
  readonly endDate: string;
  /** One row for each. Default `day`. */
  readonly groupBy?: ReportGroup;
  /** Rows by day or by hour; only where they are by day. Default `day`. */
  readonly datePart?: 'day' | 'hour';
  /** Only calls of this end user, model, provider, kind of credential. */
  readonly userId?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly credentialType?: 'byok' | 'system';
  /** Only calls with, or without, zero data retention. */
  readonly zeroDataRetention?: boolean;
  /** Only calls with these labels: with any of them, or with all. Default `any`. */
  readonly tags?: readonly string[];
  readonly tagsMatch?: 'any' | 'all';
  readonly signal?: AbortSignal;
}

/** Spend and use of one group. What is absent was not told. */
export interface ReportRow {
  /** The group, in the field that the report is by. */
  readonly day?: string;
  readonly hour?: string;
  readonly user?: string;
  readonly model?: string;
  readonly tag?: string;
  readonly provider?: string;
  readonly credentialType?: string;
  readonly zeroDataRetention?: boolean;
  readonly apiKeyName?: string;
  /** US dollars. */
  readonly totalCost: number;
  readonly marketCost?: number;
  readonly surchargeCost?: number;
  readonly gatewayCost?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly cacheCreationInputTokens?: number;
  readonly reasoningTokens?: number;
  readonly requestCount?: number;
}

const isDay = (text: string): boolean => {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};

const day = z.string().refine(isDay, 'must be a day such as 2026-11-30');
const text = z.string().min(1, 'must not be empty');

const optionsSchema = z.strictObject({
  startDate: day,
  endDate: day,
  groupBy: z
    .enum(['day', 'user', 'model', 'tag', 'provider', 'credential_type', 'zero_data_retention', 'api_key_name'])
    .optional(),
  datePart: z.enum(['day', 'hour']).optional(),
  userId: text.optional(),
  model: text.optional(),
  provider: text.optional(),
  credentialType: z.enum(['byok', 'system']).optional(),
  zeroDataRetention: z.boolean().optional(),
  tags: z
    .array(text.regex(/^[^,]*$/, 'must hold no comma'))
    .min(1)
    .optional(),
  tagsMatch: z.enum(['any', 'all']).optional(),
  signal: z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'must be an AbortSignal').optional(),
});

const FIELDS = Object.keys(optionsSchema.shape);

const fieldIssues = (issue: z.core.$ZodIssue): InputIssue[] => {
  if (issue.code !== 'unrecognized_keys')
    return [{ field: issue.path.map(String).join('.') || 'options', message: `${issue.message}.` }];
  return issue.keys.map((key) => {
    const [guess] = nearest(key, FIELDS, 1);
    const found = { field: key, message: 'is not known here.' };
    return guess === undefined ? found : { ...found, remedy: `Did you mean "${guess}"?` };
  });
};

const crossIssues = (options: ReportOptions): InputIssue[] => {
  const issues: InputIssue[] = [];
  if (options.startDate > options.endDate) issues.push({ field: 'endDate', message: 'lies before `startDate`.' });
  if (options.datePart !== undefined && (options.groupBy ?? 'day') !== 'day')
    issues.push({ field: 'datePart', message: 'needs rows by day.', remedy: 'Leave `groupBy` out.' });
  if (options.tagsMatch !== undefined && options.tags === undefined)
    issues.push({ field: 'tagsMatch', message: 'needs `tags`.' });
  return issues;
};

/** Path and query of a report. @throws InvalidRequestError naming every field that is wrong */
export const reportPath = (options: ReportOptions): string => {
  const parsed = optionsSchema.safeParse(options);
  const issues = parsed.success ? crossIssues(options) : parsed.error.issues.flatMap(fieldIssues);
  if (issues.length > 0) throw new InvalidRequestError(issues);
  const { startDate, endDate, groupBy, datePart, userId, model, provider, credentialType, tags, tagsMatch } = options;
  const query = present({
    start_date: startDate,
    end_date: endDate,
    group_by: groupBy,
    date_part: datePart,
    user_id: userId,
    model,
    provider,
    credential_type: credentialType,
    zero_data_retention: options.zeroDataRetention?.toString(),
    tags: tags?.join(','),
    tags_match: tagsMatch,
  });
  return `/v1/report?${new URLSearchParams(Object.entries(query)).toString()}`;
};

const amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(?:\.\d+)?$/)
    .transform(Number),
]);
const count = z.number().nullish();
const word = z.string().nullish();

const rowSchema = z
  .object({
    day: word,
    hour: word,
    user: word,
    model: word,
    tag: word,
    provider: word,
    credential_type: word,
    zero_data_retention: z.union([z.boolean(), z.stringbool()]).nullish(),
    api_key_name: word,
    total_cost: amount,
    market_cost: amount.nullish(),
    surcharge_cost: amount.nullish(),
    gateway_cost: amount.nullish(),
    input_tokens: count,
    output_tokens: count,
    cached_input_tokens: count,
    cache_creation_input_tokens: count,
    reasoning_tokens: count,
    request_count: count,
  })
  .transform(
    (row): ReportRow => ({
      ...present({
        day: row.day,
        hour: row.hour,
        user: row.user,
        model: row.model,
        tag: row.tag,
        provider: row.provider,
        credentialType: row.credential_type,
        zeroDataRetention: row.zero_data_retention,
        apiKeyName: row.api_key_name,
        marketCost: row.market_cost,
        surchargeCost: row.surcharge_cost,
        gatewayCost: row.gateway_cost,
        inputTokens: row.input_tokens,
        outputTokens: row.output_tokens,
        cachedInputTokens: row.cached_input_tokens,
        cacheCreationInputTokens: row.cache_creation_input_tokens,
        reasoningTokens: row.reasoning_tokens,
        requestCount: row.request_count,
      }),
      totalCost: row.total_cost,
    }),
  );

const reportSchema = z.object({ results: z.array(rowSchema) });

/** @throws MalformedResponseError */
export const parseReport = (json: unknown): readonly ReportRow[] => parsedRecord(reportSchema, json, 'report').results;
