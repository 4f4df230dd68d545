import { InvalidRequestError } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import { parsedRecord, present } from './parsed-record.js';

/** Half of the calls were below the one, 95 in a hundred below the other. */
export interface Percentiles {
  readonly p50?: number;
  readonly p95?: number;
}

/** One provider behind the gateway that serves a model. What is absent was not told; sets of words are open. */
export interface ModelEndpoint {
  readonly name: string;
  readonly providerName: string;
  readonly modelName?: string;
  /** Tokens. */
  readonly contextLength?: number;
  readonly maxCompletionTokens?: number;
  readonly maxPromptTokens?: number;
  readonly quantization?: string;
  /** As this route names them (`prompt`, `completion`, `input_cache_read`, …): decimal text, US dollars per token or piece. */
  readonly pricing: Readonly<Record<string, string>>;
  readonly supportedParameters: readonly string[];
  readonly tags: readonly string[];
  /** 0: active. */
  readonly status?: number;
  readonly supportsImplicitCaching?: boolean;
  /** Per cent of the time. */
  readonly uptime: { readonly last15m?: number; readonly last1h?: number; readonly last1d?: number };
  /** ms to the first token, within the last hour. */
  readonly latencyMs?: Percentiles;
  /** Tokens a second, within the last hour. */
  readonly throughput?: Percentiles;
  readonly inferenceRegions: readonly string[];
}

/** Who serves a model, as the gateway tells it now. */
export interface ModelEndpoints {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  /** Unix seconds. */
  readonly released?: number;
  readonly inputModalities: readonly string[];
  readonly outputModalities: readonly string[];
  /** Of models that think: whether they cannot be kept from it, and whether they take a budget of tokens. */
  readonly reasoning?: { readonly mandatory?: boolean; readonly supportsMaxTokens?: boolean };
  readonly endpoints: readonly ModelEndpoint[];
}

/** @throws InvalidRequestError when the text cannot be the id of a model. */
export const endpointsPath = (modelId: string): string => {
  const parts = modelId.split('/');
  if (parts.length !== 2 || parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new InvalidRequestError([
      { field: 'modelId', message: 'is not the id of a model.', remedy: 'Such an id is creator/name.' },
    ]);
  return `/v1/models/${parts.map(encodeURIComponent).join('/')}/endpoints`;
};

const number = z.number().nullish();
const words = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const percentiles = z
  .object({ p50: number, p95: number })
  .transform((both): Percentiles => present(both))
  .nullish();

const endpointSchema = z
  .object({
    name: z.string(),
    provider_name: z.string(),
    model_name: z.string().nullish(),
    context_length: number,
    max_completion_tokens: number,
    max_prompt_tokens: number,
    quantization: z.string().nullish(),
    pricing: z.record(z.string(), z.unknown()).nullish(),
    supported_parameters: words,
    tags: words,
    status: number,
    supports_implicit_caching: z.boolean().nullish(),
    uptime_last_15m: number,
    uptime_last_1h: number,
    uptime_last_1d: number,
    latency_last_1h: percentiles,
    throughput_last_1h: percentiles,
    inference_regions: words,
  })
  .transform(
    (one): ModelEndpoint => ({
      ...present({
        modelName: one.model_name,
        contextLength: one.context_length,
        maxCompletionTokens: one.max_completion_tokens,
        maxPromptTokens: one.max_prompt_tokens,
        quantization: one.quantization,
        status: one.status,
        supportsImplicitCaching: one.supports_implicit_caching,
        latencyMs: one.latency_last_1h,
        throughput: one.throughput_last_1h,
      }),
      name: one.name,
      providerName: one.provider_name,
      pricing: pricesOf(one.pricing ?? {}),
      supportedParameters: one.supported_parameters,
      tags: one.tags,
      uptime: present({ last15m: one.uptime_last_15m, last1h: one.uptime_last_1h, last1d: one.uptime_last_1d }),
      inferenceRegions: one.inference_regions,
    }),
  );

/** Lists that are priced in another way than by a number stand in the list of models. */
const pricesOf = (pricing: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(pricing).flatMap(([name, price]) =>
      typeof price === 'string' || typeof price === 'number' ? [[name, String(price)] as const] : [],
    ),
  );

const modelSchema = z.object({
  data: z
    .object({
      id: z.string(),
      name: z.string().nullish(),
      description: z.string().nullish(),
      released: number,
      architecture: z.object({ input_modalities: words, output_modalities: words }).nullish(),
      reasoning: z.object({ mandatory: z.boolean().nullish(), supports_max_tokens: z.boolean().nullish() }).nullish(),
      endpoints: z.array(endpointSchema),
    })
    .transform(({ id, name, description, released, architecture, reasoning, endpoints }): ModelEndpoints => {
      const told = present({ mandatory: reasoning?.mandatory, supportsMaxTokens: reasoning?.supports_max_tokens });
      return {
        ...present({ name, description, released, reasoning: reasoning ? told : undefined }),
        id,
        inputModalities: architecture?.input_modalities ?? [],
        outputModalities: architecture?.output_modalities ?? [],
        endpoints,
      };
    }),
});

/** @throws MalformedResponseError */
export const parseEndpoints = (json: unknown): ModelEndpoints =>
  parsedRecord(modelSchema, json, 'list of endpoints').data;
