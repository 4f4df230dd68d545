import { z } from 'zod';
import { decimal } from './decimal.js';

const money = z
  .union([z.string(), z.number()])
  .refine((value) => /^\d+(?:\.\d+)?$/.test(String(value)), 'is US dollars, such as "0.01" or 25')
  .transform(decimal);
const milliseconds = z.int().min(1);
// The latest requests are remembered one by one.
const requests = z.int().min(1).max(100_000);
const modelId = z.string().min(1);

const budget = z.strictObject({
  /** Whose spending counts. A `quotaEntity` is named by the request, as `providerOptions.gateway.quotaEntityId`. */
  scope: z.enum(['team', 'key', 'user', 'quotaEntity']),
  /** Only this key, user or entity. Default: each has the budget to itself. Not for a team. */
  of: z.string().min(1).optional(),
  /** Spent in US dollars up to which requests are let through. */
  usd: money,
  /** The documentation says 402; 403 and 429 were reported. Default 402. */
  status: z.union([z.literal(402), z.literal(403), z.literal(429)]).default(402),
});

const rateLimit = z.strictObject({
  /** Requests that are let through in any `perMs`, from 1 to 100,000. */
  requests,
  perMs: milliseconds,
  /** What `retry-after` says with the 429: seconds, an HTTP date, or nothing. Default `seconds`. */
  hint: z.enum(['seconds', 'date', 'none']).default('seconds'),
});

const rule = z.union([
  /** Requests for these models are refused with 403. */
  z.strictObject({ id: z.string().min(1), models: z.array(modelId).min(1), action: z.literal('deny') }),
  /** Another model is asked instead. */
  z.strictObject({ id: z.string().min(1), models: z.array(modelId).min(1), action: z.literal('rewrite'), to: modelId }),
]);

const schema = z.strictObject({
  /** On `hobby`, zero data retention and reports are refused with 403. Default `pro`. */
  plan: z.enum(['pro', 'hobby']).default('pro'),
  /** Without a valid card every answer is 403. Default true. */
  card: z.boolean().default(true),
  /** An account that never paid: free models only, with a limit for all of its requests together. */
  freeTier: z
    .strictObject({
      /** Models that may be asked beside those that cost nothing. Default none. */
      models: z.array(modelId).default([]),
      /** Its 429 has no `retry-after`. Default: no limit. */
      rateLimit: z.strictObject({ requests, perMs: milliseconds }).optional(),
    })
    .optional(),
  budgets: z.array(budget).default([]),
  rateLimit: rateLimit.optional(),
  /** Tried in this order, again after every rewrite, of which there are at most ten. */
  rules: z.array(rule).default([]),
});

/** What the emulated account may do. Everything is allowed unless it is said otherwise. */
export type AccountRules = z.input<typeof schema>;
/** The same, checked and with defaults. */
export type CheckedAccountRules = z.output<typeof schema>;
export type Budget = CheckedAccountRules['budgets'][number];
export type RoutingRule = CheckedAccountRules['rules'][number];

/** @throws TypeError that names what is wrong, and the names there are when one is unknown */
export function checkAccountRules(rules: AccountRules): CheckedAccountRules {
  const parsed = schema.safeParse(rules);
  if (parsed.success) return parsed.data;
  const isUnknown = parsed.error.issues.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0);
  const known = isUnknown ? `\nThe names are ${Object.keys(schema.shape).join(', ')}.` : '';
  throw new TypeError(`The option account of the emulator is not valid:\n${z.prettifyError(parsed.error)}${known}`);
}
