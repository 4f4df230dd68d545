import type { InputIssue, Secret } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import {
  baseUrlSchema,
  CATALOGUE_FIELDS,
  type CatalogueOption,
  COMMON_FIELDS,
  COMMON_SYNONYMS,
  type CommonOptions,
  catalogueOptionSchema,
  commonOptionsShape,
  headerText,
  headerValueFault,
  type KnownFields,
  parseOptions,
} from '@headrace/wire/provider';
import { apiUrlFault, readBaseUrl } from './base-url.js';
import { type GatewayRouting, MAX_TAGS, reportingTagsSchema, reportingUserSchema } from './gateway-routing.js';
import { routingIssues } from './routing-issues.js';

/** Options of `vercel(…)` and of `VercelClient`. Closed: an unknown field is refused. */
export interface VercelOptions extends CommonOptions {
  /** The provider's name in model references, lower-case kebab. Default `vercel`. */
  readonly id?: string | undefined;
  /**
   * A Vercel AI Gateway key or a Vercel access token. Default: the variable `AI_GATEWAY_API_KEY`, else the OIDC token
   * of the current request, else the variable `VERCEL_OIDC_TOKEN`. An empty string goes straight to OIDC.
   */
  readonly apiKey?: string | Secret | undefined;
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
  /** When upstream is asked for facts about models. */
  readonly catalogue?: CatalogueOption | undefined;
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
}

/** Schema of `VercelOptions`, for configuration files too. */
export const vercelOptionsSchema = z.strictObject({
  ...commonOptionsShape,
  baseUrl: baseUrlSchema(readBaseUrl),
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
  catalogue: catalogueOptionSchema.optional(),
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
});

const FIELDS: KnownFields = {
  '': Object.keys(vercelOptionsSchema.shape),
  ...COMMON_FIELDS,
  attribution: ['referer', 'title'],
  reporting: ['user', 'tags'],
  catalogue: CATALOGUE_FIELDS,
  oidc: ['refresh', 'apiUrl', 'projectDir'],
};

/** Other people's names for our fields. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ...COMMON_SYNONYMS,
  gateway: 'routing',
  providerOptions: 'routing',
};

export type ParsedVercelOptions = z.output<typeof vercelOptionsSchema>;

/**
 * Checks options.
 * @throws ConfigurationError naming every wrong field, and the nearest right name of every unknown one.
 */
export const parseVercelOptions = (options: unknown): ParsedVercelOptions =>
  parseOptions(
    options,
    { provider: 'vercel', schema: vercelOptionsSchema, fields: FIELDS, synonyms: SYNONYMS },
    (parsed) => {
      const { routing, strictRouting, reporting } = (options ?? {}) as VercelOptions;
      const issues: InputIssue[] = [];
      if (typeof routing === 'object' && routing !== null && strictRouting !== false)
        issues.push(...routingIssues(routing, 'routing'));
      if (parsed === undefined || issues.length > 0) return issues;
      const tags = new Set([...(routing?.tags ?? []), ...(reporting?.tags ?? [])]);
      if (tags.size <= MAX_TAGS) return [];
      const message = `makes ${tags.size} tags with those of \`reporting\`; ${MAX_TAGS} are allowed.`;
      return [{ field: 'routing.tags', message }];
    },
  );
