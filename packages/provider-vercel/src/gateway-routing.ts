import type { JsonValue } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';

/** A key of your own for one provider behind the gateway. Most take `apiKey`; `azure`, `vertex` and `bedrock` take more. */
export type OwnCredential = {
  readonly apiKey?: string | undefined;
  /** `azure`. */
  readonly resourceName?: string | undefined;
  /** `vertex`. */
  readonly project?: string | undefined;
  readonly location?: string | undefined;
  readonly googleCredentials?: { readonly privateKey: string; readonly clientEmail: string } | undefined;
  /** `bedrock`. */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly region?: string | undefined;
  /** Your own names for models of that provider. */
  readonly modelMappings?: readonly { readonly gatewayModelSlug: string; readonly customModelId: string }[] | undefined;
  /** What a provider takes besides. */
  readonly [other: string]: JsonValue | undefined;
};

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
  readonly byok?: Readonly<Record<string, readonly OwnCredential[]>> | undefined;
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
  /** Only what has all of these: `implicit-caching`, `vision`, and what the gateway knows besides. It refuses other words. */
  readonly has?: readonly string[] | undefined;
  /** Limits by provider slug in ms, 1,000–789,000, until the answer begins; for credentials of your own only. */
  readonly providerTimeouts?: { readonly byok?: Readonly<Record<string, number>> | undefined } | undefined;
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
        /** As the gateway takes it: its form is not documented. */
        readonly providers?: JsonValue | undefined;
      }
    | undefined;
}

const text = () => z.string().min(1);

const ownCredential = (jsonValue: z.ZodType<JsonValue>) =>
  z
    .object({
      apiKey: text().optional(),
      resourceName: text().optional(),
      project: text().optional(),
      location: text().optional(),
      googleCredentials: z.looseObject({ privateKey: text(), clientEmail: text() }).optional(),
      accessKeyId: text().optional(),
      secretAccessKey: text().optional(),
      region: text().optional(),
      modelMappings: z
        .array(z.strictObject({ gatewayModelSlug: text(), customModelId: text() }))
        .readonly()
        .optional(),
    })
    .catchall(jsonValue.optional())
    .refine((credential) => Object.keys(credential).length > 0, 'is empty') satisfies z.ZodType<OwnCredential>;

export const reportingUserSchema = z.string().min(1).max(256);
/** Tags of one call, those of the options included. */
export const MAX_TAGS = 10;
export const reportingTagsSchema = z.array(z.string().min(1).max(64)).max(MAX_TAGS).readonly();

const routingSchema = () => {
  const slugs = z.array(text()).min(1).readonly();
  const jsonValue: z.ZodType<JsonValue> = z.json();
  const timeouts = z.record(text(), z.number().int().min(1_000).max(789_000)).readonly();
  return z
    .strictObject({
      order: slugs.optional(),
      only: slugs.optional(),
      sort: z.enum(['cost', 'ttft', 'tps']).optional(),
      models: slugs.optional(),
      byok: z.record(text(), z.array(ownCredential(jsonValue)).min(1).readonly()).optional(),
      caching: z.literal('auto').optional(),
      zeroDataRetention: z.boolean().optional(),
      disallowPromptTraining: z.boolean().optional(),
      user: reportingUserSchema.optional(),
      tags: reportingTagsSchema.optional(),
      quotaEntityId: text().optional(),
      has: slugs.optional(),
      providerTimeouts: z.strictObject({ byok: timeouts.optional() }).optional(),
      serviceTier: z.enum(['flex', 'priority']).optional(),
      speed: z.literal('fast').optional(),
      allowFallbackFromFast: z.boolean().optional(),
      inferenceRegion: z
        .strictObject({
          scope: z.enum(['global', 'zone']),
          geoRegion: z.enum(['us', 'eu']).optional(),
          providers: jsonValue.optional(),
        })
        .refine((region) => region.scope !== 'zone' || region.geoRegion !== undefined, {
          path: ['geoRegion'],
          message: 'is needed for scope "zone"',
        })
        .optional(),
    })
    .readonly() satisfies z.ZodType<GatewayRouting>;
};

let made: ReturnType<typeof routingSchema> | undefined;

/** The closed set of routing options. Made for who gives some: schemas cost time when they are made. */
export const gatewayRoutingSchema = (): ReturnType<typeof routingSchema> => (made ??= routingSchema());
