import { ConfigurationError, type InputIssue, issuesOf, nearest, type Secret } from '@headrace/core/plugin';
import {
  type HostModel,
  headerNameFault,
  headerValueFault,
  hostModelSchema,
  type KeyOption,
  keyIssues,
} from '@headrace/wire/provider';
import { z } from 'zod';
import { apiUrlFault, readBaseUrl } from './base-url.js';
import type { CatalogueRefreshEvent } from './catalogue-status.js';
import { type GatewayRouting, MAX_TAGS, reportingTagsSchema, reportingUserSchema } from './gateway-routing.js';
import { routingIssues } from './routing-issues.js';

/** Variables of the environment, such as `process.env`; read when a call needs them, not once. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Options of `vercel(…)` and of `VercelClient`. Closed: an unknown field is refused. */
export interface VercelOptions {
  /** The provider's name in model references, lower-case kebab. Default `vercel`. */
  readonly id?: string | undefined;
  /**
   * A Vercel AI Gateway key or a Vercel access token. Default: the variable `AI_GATEWAY_API_KEY`, else the OIDC token
   * of the current request, else the variable `VERCEL_OIDC_TOKEN`. An empty string goes straight to OIDC.
   */
  readonly apiKey?: string | Secret | undefined;
  /**
   * Several keys in place of `apiKey`: they take turns, one that is refused rests while another takes over at once, and one
   * that is not accepted is out of use, with a warning. Receipts and errors call a key by its `name`; default: by its
   * place, such as `apiKeys[0]`.
   */
  readonly apiKeys?: readonly KeyOption[] | undefined;
  /**
   * Where the gateway is: an origin, with or without `/v1`. `http:` for loopback only.
   * Default: the variable `AI_GATEWAY_BASE_URL`, else `https://ai-gateway.vercel.sh`.
   */
  readonly baseUrl?: string | undefined;
  /** Id or slug of the team that an access token acts for. */
  readonly team?: string | undefined;
  /** Names the application on Vercel's pages. */
  readonly attribution?: { readonly referer?: string | undefined; readonly title?: string | undefined } | undefined;
  /**
   * Labels for Vercel's spend reports. `user`: at most 256 characters; a call's own `endUser` replaces it.
   * `tags`: at most 10 together with the call's own, each 1–64 characters without commas. Vercel charges for labelled calls.
   */
  readonly reporting?:
    | { readonly user?: string | undefined; readonly tags?: readonly string[] | undefined }
    | undefined;
  /** Defaults for every call; a call's own `providerOptions.<id>.gateway` wins key by key. */
  readonly routing?: GatewayRouting | undefined;
  /**
   * True (default): routing options that are not known here are refused, the call's own too, before anything is sent.
   * False: they are passed on with the warning `routing-unknown`, for options newer than this package.
   */
  readonly strictRouting?: boolean | undefined;
  /**
   * The upstream is a gateway like this one, in place of Vercel's, and counts attempts: it is told how many attempts and how
   * much time a call has left, and what it used counts. `maxAttempts`: how many it may make in one attempt of ours, integer
   * 1–10; default: all that the call has left. Default false: nobody is told.
   */
  readonly nested?: boolean | { readonly maxAttempts?: number | undefined } | undefined;
  /** More headers for every call. Never credentials, `host` or lengths. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Limit for a connection to come about, in ms. Default: that of the HTTP session. */
  readonly connectTimeoutMs?: number | undefined;
  /** Connections kept to the gateway at most. Default: that of the HTTP session. */
  readonly maxConnections?: number | undefined;
  /** How long an idle connection is kept, in ms. Default: that of the HTTP session. */
  readonly keepAliveMs?: number | undefined;
  /** URL of a proxy; `false`: none. Default: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
  readonly proxy?: string | false | undefined;
  /** Certificates (PEM) to trust beside the system's. */
  readonly ca?: string | readonly string[] | undefined;
  /** Facts of the host about models. */
  readonly models?: readonly HostModel[] | undefined;
  /**
   * The facts about models. `maxAgeMs`: age at which they are refreshed in the background, default 3,600,000.
   * `refresh`: whether upstream is asked for them although nobody called for it, default true.
   * `onRefresh`: hears of every refresh, those that failed too; default: nobody, see `VercelClient.catalogue.status`.
   */
  readonly catalogue?:
    | {
        readonly maxAgeMs?: number | undefined;
        readonly refresh?: boolean | undefined;
        readonly onRefresh?: ((event: CatalogueRefreshEvent) => void) | undefined;
      }
    | undefined;
  /**
   * Where an OIDC token comes from that is missing or at its end. `refresh`: whether that of the linked project is
   * fetched, default in development only (not with `NODE_ENV=production`, not on Vercel or Lambda). `apiUrl`: the origin
   * that gets the login of the Vercel CLI for it, default `https://api.vercel.com`; `http:` for loopback only.
   * `projectDir`: where the search for `.vercel/project.json` begins, upward; default: the folder of the process.
   */
  readonly oidc?:
    | {
        readonly refresh?: boolean | undefined;
        readonly apiUrl?: string | undefined;
        readonly projectDir?: string | undefined;
      }
    | undefined;
  /** Default `process.env`. */
  readonly env?: Environment | undefined;
}

const headerText = z.string().superRefine((value, context) => {
  const fault = headerValueFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault.replace(/\.$/, '') });
});

const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';

// What editors are told where a check is a function. `not: {}`: only code can give it.
const CODE = { not: {} };

const keySchema = z
  .custom<string | Secret>((value) => typeof value === 'string' || isSecret(value), 'must be a string or a Secret')
  .meta({ type: 'string', writeOnly: true });

const namedKeySchema = z.strictObject(
  { key: keySchema, name: z.string().optional() },
  { error: ({ code }) => (code === 'invalid_type' ? 'an object with `key` and `name`' : undefined) },
);

const milliseconds = z.number().int().positive();

/** Schema of `VercelOptions`, for configuration files too. */
export const vercelOptionsSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be lower-case kebab, such as "vercel" or "vercel-eu"')
    .optional(),
  apiKey: keySchema.optional(),
  apiKeys: z
    .array(z.union([keySchema, namedKeySchema]))
    .min(1, 'must hold a key')
    .readonly()
    .optional(),
  baseUrl: z
    .string()
    .superRefine((value, context) => {
      const read = readBaseUrl(value, 'baseUrl');
      if ('field' in read)
        context.addIssue({ code: 'custom', message: `${read.message} ${read.remedy ?? ''}`.replace(/\.?\s*$/, '') });
    })
    .optional(),
  team: headerText.optional(),
  attribution: z.strictObject({ referer: headerText.optional(), title: headerText.optional() }).optional(),
  reporting: z
    .strictObject({
      user: reportingUserSchema.and(headerText).optional(),
      tags: reportingTagsSchema
        .refine((tags) => tags.every((tag) => !tag.includes(',') && headerValueFault(tag) === undefined), {
          message: 'each tag must be text without commas that an HTTP header can carry',
        })
        .optional(),
    })
    .optional(),
  // Looked into by `parseVercelOptions`: how closely is an option of its own.
  routing: z
    .custom<GatewayRouting>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
      error: 'must be an object',
    })
    .optional(),
  strictRouting: z.boolean().optional(),
  nested: z
    .union([z.boolean(), z.strictObject({ maxAttempts: z.int().min(1).max(10).optional() })], {
      error: ({ code }) =>
        code === 'invalid_union' ? 'must be true, false or { maxAttempts } from 1 to 10' : undefined,
    })
    .optional(),
  headers: z
    .record(z.string(), headerText)
    .superRefine((headers, context) => {
      for (const name of Object.keys(headers)) {
        const fault = headerNameFault(name);
        if (fault !== undefined) context.addIssue({ code: 'custom', path: [name], message: fault.replace(/\.$/, '') });
      }
    })
    .optional(),
  connectTimeoutMs: milliseconds.optional(),
  maxConnections: z.number().int().min(1).optional(),
  keepAliveMs: milliseconds.optional(),
  proxy: z.union([z.literal(false), z.url({ protocol: /^https?$/ })], 'must be an http(s) URL or false').optional(),
  ca: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).readonly()]).optional(),
  models: z.array(hostModelSchema).readonly().optional(),
  catalogue: z
    .strictObject({
      maxAgeMs: milliseconds.optional(),
      refresh: z.boolean().optional(),
      onRefresh: z
        .custom<(event: CatalogueRefreshEvent) => void>((value) => typeof value === 'function', 'must be a function')
        .meta(CODE)
        .optional(),
    })
    .optional(),
  oidc: z
    .strictObject({
      refresh: z.boolean().optional(),
      apiUrl: z
        .string()
        .superRefine((value, context) => {
          const fault = apiUrlFault(value);
          if (fault !== undefined) context.addIssue({ code: 'custom', message: fault.replace(/\.$/, '') });
        })
        .optional(),
      projectDir: z.string().min(1).optional(),
    })
    .optional(),
  // By reference: a copy would not see a variable that is set later.
  env: z
    .custom<Environment>((value) => typeof value === 'object' && value !== null, 'must be an object')
    .meta(CODE)
    .optional(),
});

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(vercelOptionsSchema.shape),
  apiKeys: ['key', 'name'],
  attribution: ['referer', 'title'],
  reporting: ['user', 'tags'],
  nested: ['maxAttempts'],
  catalogue: ['maxAgeMs', 'refresh', 'onRefresh'],
  oidc: ['refresh', 'apiUrl', 'projectDir'],
  models: Object.keys(hostModelSchema.shape),
};

/** Other people's names for our fields. */
const SYNONYMS: Readonly<Record<string, string>> = {
  api_key: 'apiKey',
  key: 'apiKey',
  keys: 'apiKeys',
  api_keys: 'apiKeys',
  token: 'apiKey',
  baseURL: 'baseUrl',
  base_url: 'baseUrl',
  url: 'baseUrl',
  endpoint: 'baseUrl',
  timeout: 'connectTimeoutMs',
  name: 'id',
  gateway: 'routing',
  providerOptions: 'routing',
};

const remedyFor = (parent: string, key: string): string | undefined => {
  const known = FIELDS[parent];
  const synonym = parent === '' && Object.hasOwn(SYNONYMS, key) ? SYNONYMS[key] : undefined;
  const [guess] = synonym === undefined ? nearest(key, known ?? [], 1) : [synonym];
  return guess === undefined ? undefined : `Did you mean "${guess}"?`;
};

const unknownFields = (issue: z.core.$ZodIssueUnrecognizedKeys): InputIssue[] => {
  const named = issue.path.filter((step) => typeof step !== 'number').join('.');
  const shown = issue.path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
  return issue.keys.map((key) => {
    const remedy = remedyFor(named, key);
    const field = shown === '' ? key : `${shown}.${key}`;
    return { field, message: 'is not a known option.', ...(remedy === undefined ? {} : { remedy }) };
  });
};

export type ParsedVercelOptions = z.output<typeof vercelOptionsSchema>;

/**
 * Checks options.
 * @throws ConfigurationError naming every wrong field, and the nearest right name of every unknown one.
 */
export const parseVercelOptions = (options: unknown): ParsedVercelOptions => {
  const parsed = vercelOptionsSchema.safeParse(options);
  const issues = (parsed.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownFields(issue) : issuesOf(new z.ZodError([issue])),
  );
  const { routing, strictRouting, reporting, apiKey, apiKeys } = (options ?? {}) as VercelOptions;
  if (apiKey !== undefined && apiKeys !== undefined)
    issues.push({ field: 'apiKeys', message: 'cannot be given together with `apiKey`.', remedy: 'Give one of them.' });
  if (parsed.data?.apiKeys !== undefined) issues.push(...keyIssues(parsed.data.apiKeys));
  if (typeof routing === 'object' && routing !== null && strictRouting !== false)
    issues.push(...routingIssues(routing, 'routing'));
  if (parsed.success && issues.length === 0) {
    const tags = new Set([...(routing?.tags ?? []), ...(reporting?.tags ?? [])]);
    if (tags.size <= MAX_TAGS) return parsed.data;
    const message = `makes ${tags.size} tags with those of \`reporting\`; ${MAX_TAGS} are allowed.`;
    issues.push({ field: 'routing.tags', message });
  }
  throw new ConfigurationError('vercel', issues);
};
