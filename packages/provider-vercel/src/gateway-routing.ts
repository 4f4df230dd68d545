import { z } from 'zod';

/** How Vercel AI Gateway picks among its providers: the `providerOptions.gateway` of its API. */
export interface GatewayRouting {
  /** Provider slugs tried first, in this order. A preference, not a restriction: see `only`. */
  readonly order?: readonly string[] | undefined;
  /** Only these provider slugs. */
  readonly only?: readonly string[] | undefined;
  /** `cost`: cheapest first. `ttft`: shortest time to the first token. `tps`: most tokens per second. */
  readonly sort?: 'cost' | 'ttft' | 'tps' | undefined;
  /** Models to fall back to, after every provider of the asked one failed. */
  readonly models?: readonly string[] | undefined;
  /** Credentials of your own by provider slug; replace the stored ones for the call. */
  readonly byok?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> | undefined;
  /** `auto`: the gateway sets cache marks for upstreams that need them. */
  readonly caching?: 'auto' | undefined;
  /** Only providers that keep nothing. */
  readonly zeroDataRetention?: boolean | undefined;
  /** Only providers that do not train on prompts. */
  readonly disallowPromptTraining?: boolean | undefined;
  /** End user for reports; at most 256 characters. */
  readonly user?: string | undefined;
  /** Labels for reports; at most 10, each 1–64 characters. */
  readonly tags?: readonly string[] | undefined;
  /** The quota that the call counts against. */
  readonly quotaEntityId?: string | undefined;
  /** Only models with these capabilities. */
  readonly has?: readonly ('implicit-caching' | 'vision')[] | undefined;
  /** Limits by provider slug in ms, 1,000–789,000; for your own credentials only. */
  readonly providerTimeouts?: { readonly byok: Readonly<Record<string, number>> } | undefined;
  readonly serviceTier?: 'flex' | 'priority' | undefined;
  /** `fast`: the model's fast mode, at its price. */
  readonly speed?: 'fast' | undefined;
  /** False: an error instead of normal speed when the fast mode is not to be had. */
  readonly allowFallbackFromFast?: boolean | undefined;
  /** Where inference may run; `geoRegion` is needed for scope `zone`. */
  readonly inferenceRegion?:
    | {
        readonly scope: 'global' | 'zone';
        readonly geoRegion?: 'us' | 'eu' | undefined;
        readonly providers?: readonly string[] | undefined;
      }
    | undefined;
}

const slugs = z.array(z.string().min(1)).min(1).readonly();

export const reportingUserSchema = z.string().min(1).max(256);
export const reportingTagsSchema = z.array(z.string().min(1).max(64)).max(10).readonly();

/** The closed set of routing defaults. */
export const gatewayRoutingSchema = z
  .strictObject({
    order: slugs.optional(),
    only: slugs.optional(),
    sort: z.enum(['cost', 'ttft', 'tps']).optional(),
    models: slugs.optional(),
    byok: z.record(z.string(), z.array(z.record(z.string(), z.unknown())).readonly()).optional(),
    caching: z.literal('auto').optional(),
    zeroDataRetention: z.boolean().optional(),
    disallowPromptTraining: z.boolean().optional(),
    user: reportingUserSchema.optional(),
    tags: reportingTagsSchema.optional(),
    quotaEntityId: z.string().min(1).optional(),
    has: z
      .array(z.enum(['implicit-caching', 'vision']))
      .min(1)
      .readonly()
      .optional(),
    providerTimeouts: z
      .strictObject({ byok: z.record(z.string(), z.number().int().min(1_000).max(789_000)) })
      .optional(),
    serviceTier: z.enum(['flex', 'priority']).optional(),
    speed: z.literal('fast').optional(),
    allowFallbackFromFast: z.boolean().optional(),
    inferenceRegion: z
      .strictObject({
        scope: z.enum(['global', 'zone']),
        geoRegion: z.enum(['us', 'eu']).optional(),
        providers: slugs.optional(),
      })
      .refine((region) => region.scope !== 'zone' || region.geoRegion !== undefined, {
        path: ['geoRegion'],
        message: 'is needed for scope "zone"',
      })
      .optional(),
  })
  .readonly() satisfies z.ZodType<GatewayRouting>;
