import type { InputIssue } from '@headrace/core/plugin';
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
  type KnownFields,
  parseOptions,
} from '@headrace/wire/provider';
import { readBaseUrl } from './base-url.js';
import { betaIssues } from './betas.js';

/**
 * Options of `anthropic(…)` and of `AnthropicClient`. Closed: an unknown field is refused. `id` is `anthropic` by default,
 * and a key that is not given is that of the variable `ANTHROPIC_API_KEY`.
 */
export interface AnthropicOptions extends CommonOptions {
  /**
   * Where the API is: an origin, with or without `/v1`. `http:` for loopback, and elsewhere where no key is sent.
   * Default: the variable `ANTHROPIC_BASE_URL`, else `https://api.anthropic.com`.
   */
  readonly baseUrl?: string | undefined;
  /** Sent as `anthropic-beta` with every call, beside those that a call names. Known ones only, unless `strictBetas` is false. */
  readonly betas?: readonly string[] | undefined;
  /** False: betas that are not known here are sent all the same. Default true. */
  readonly strictBetas?: boolean | undefined;
  /**
   * Tokens of output where neither the call nor the facts of its model name a limit: the API must be told one. Integer
   * from 1 up, default 4,096.
   */
  readonly defaultMaxOutputTokens?: number | undefined;
  /**
   * Whether thinking comes as a summary or only as a signature. Default: as the model likes, which newer ones do without
   * a text.
   */
  readonly thinkingDisplay?: 'summarized' | 'omitted' | undefined;
  /** When upstream is asked for facts about models. */
  readonly catalogue?: CatalogueOption | undefined;
}

/** Schema of `AnthropicOptions`, for configuration files too. */
export const anthropicOptionsSchema = z.strictObject({
  ...commonOptionsShape,
  baseUrl: baseUrlSchema(readBaseUrl),
  // Looked into by `parseAnthropicOptions`: how closely is an option of its own.
  betas: z
    .array(z.string().regex(/^[\w.-]{1,64}$/, 'must be the name of a beta, such as "files-api-2025-04-14"'))
    .readonly()
    .optional(),
  strictBetas: z.boolean().optional(),
  defaultMaxOutputTokens: z.int().min(1).optional(),
  thinkingDisplay: z.enum(['summarized', 'omitted']).optional(),
  catalogue: catalogueOptionSchema.optional(),
});

const FIELDS: KnownFields = {
  '': Object.keys(anthropicOptionsSchema.shape),
  ...COMMON_FIELDS,
  catalogue: CATALOGUE_FIELDS,
};

const SYNONYMS: Readonly<Record<string, string>> = {
  ...COMMON_SYNONYMS,
  authToken: 'apiKey',
  beta: 'betas',
  max_tokens: 'defaultMaxOutputTokens',
  maxTokens: 'defaultMaxOutputTokens',
  defaultHeaders: 'headers',
};

export type ParsedAnthropicOptions = z.output<typeof anthropicOptionsSchema>;

/**
 * Checks options.
 * @throws ConfigurationError naming every wrong field, and the nearest right name of every unknown one.
 */
export const parseAnthropicOptions = (options: unknown): ParsedAnthropicOptions =>
  parseOptions(
    options,
    { provider: 'anthropic', schema: anthropicOptionsSchema, fields: FIELDS, synonyms: SYNONYMS },
    (parsed): readonly InputIssue[] =>
      parsed?.betas === undefined || parsed.strictBetas === false ? [] : betaIssues(parsed.betas, 'betas'),
  );
