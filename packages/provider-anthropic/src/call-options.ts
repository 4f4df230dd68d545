import {
  type CompletionRequest,
  type InputIssue,
  InvalidRequestError,
  type JsonObject,
  nearest,
} from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import type { AnthropicSettings } from './anthropic-settings.js';
import { betaIssues } from './betas.js';

/** What a call may say to this provider, under `providerOptions.<id>`. */
export type AnthropicCallOptions = {
  /** Over the option of the provider. */
  readonly thinkingDisplay?: 'summarized' | 'omitted';
  /** Beside those of the provider. */
  readonly betas?: readonly string[];
  /** Tools that Anthropic runs, in the API's own words, such as `{ type: 'web_search_20260318', name: 'web_search' }`. */
  readonly serverTools?: readonly JsonObject[];
  /** Caches up to the last block that can be, without a mark of one's own. */
  readonly cacheControl?: { readonly ttl?: '5m' | '1h' };
  readonly serviceTier?: 'auto' | 'standard_only';
  /** Id of a container to use again, or the API's own object. */
  readonly container?: string | JsonObject;
  /** The API's own object; the beta `context-management-2025-06-27` is sent with it. */
  readonly contextManagement?: JsonObject;
  /** The API's own objects; the beta `mcp-client-2025-11-20` is sent with them. */
  readonly mcpServers?: readonly JsonObject[];
};

/** What the options of one call add to its request. */
export interface AppliedOptions {
  readonly thinkingDisplay: AnthropicCallOptions['thinkingDisplay'];
  readonly serverTools: readonly JsonObject[];
  readonly betas: readonly string[];
  /** Members of the body. */
  readonly body: JsonObject;
}

const object = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const schema = z.strictObject({
  thinkingDisplay: z.enum(['summarized', 'omitted']).optional(),
  betas: z.array(z.string().regex(/^[\w.-]{1,64}$/, 'must be the name of a beta')).optional(),
  serverTools: z.array(object).optional(),
  cacheControl: z.strictObject({ ttl: z.enum(['5m', '1h']).optional() }).optional(),
  serviceTier: z.enum(['auto', 'standard_only']).optional(),
  container: z.union([z.string().min(1), object]).optional(),
  contextManagement: object.optional(),
  mcpServers: z.array(object).optional(),
});

const NAMES = Object.keys(schema.shape);

/** The API's own names, for who writes those. */
const MEANT: Readonly<Record<string, string>> = {
  thinking: 'reasoningEffort or reasoningBudgetTokens of the call',
  effort: 'reasoningEffort of the call',
  max_tokens: 'maxOutputTokens of the call',
  tools: 'serverTools',
  metadata: 'endUser of the call',
};

const issuesOf = ({ issues }: z.ZodError, place: string): InputIssue[] =>
  issues.flatMap((issue): InputIssue[] => {
    if (issue.code !== 'unrecognized_keys')
      return [{ field: [place, ...issue.path].join('.'), message: `${issue.message}.` }];
    return issue.keys.map((key) => {
      const [guess] = Object.hasOwn(MEANT, key) ? [MEANT[key]] : nearest(key, NAMES, 1);
      const field = [place, ...issue.path, key].join('.');
      return {
        field,
        message: 'is no option of this provider.',
        remedy: guess === undefined ? `Give ${NAMES.join(', ')}.` : `Did you mean ${guess}?`,
      };
    });
  });

const NOTHING: AppliedOptions = { thinkingDisplay: undefined, serverTools: [], betas: [], body: {} };

/** Reads one call's options. @throws InvalidRequestError naming everything that is wrong */
export const applyCallOptions = (
  { providerOptions }: CompletionRequest,
  { id, strictBetas, thinkingDisplay: usual }: AnthropicSettings,
): AppliedOptions => {
  const asked = providerOptions !== undefined && Object.hasOwn(providerOptions, id) ? providerOptions[id] : undefined;
  if (asked === undefined) return usual === undefined ? NOTHING : { ...NOTHING, thinkingDisplay: usual };
  const place = `providerOptions.${id}`;
  const parsed = schema.safeParse(asked);
  if (!parsed.success) throw new InvalidRequestError(issuesOf(parsed.error, place));
  const { thinkingDisplay = usual, betas = [], serverTools = [], ...rest } = parsed.data;
  const issues = strictBetas ? betaIssues(betas, `${place}.betas`) : [];
  if (issues.length > 0) throw new InvalidRequestError(issues);
  const { cacheControl, serviceTier, container, contextManagement, mcpServers } = rest;
  return {
    thinkingDisplay,
    serverTools,
    betas: [
      ...betas,
      ...(contextManagement === undefined ? [] : ['context-management-2025-06-27']),
      ...(mcpServers === undefined ? [] : ['mcp-client-2025-11-20']),
    ],
    body: {
      ...(cacheControl === undefined ? {} : { cache_control: { type: 'ephemeral', ...cacheControl } as JsonObject }),
      ...(serviceTier === undefined ? {} : { service_tier: serviceTier }),
      ...(container === undefined ? {} : { container }),
      ...(contextManagement === undefined ? {} : { context_management: contextManagement }),
      ...(mcpServers === undefined ? {} : { mcp_servers: mcpServers }),
    },
  };
};
