import type { SeedModel } from './catalogue-seed.js';
import { CREATED, displayName, releasedAt, supportedParameters } from './model-entry.js';
import { perUnit } from './model-pricing.js';
import { type ServingProvider, servingProviders } from './serving-providers.js';

const perToken = (price: number | undefined): string => (price === undefined ? '0' : perUnit(price));

function endpoint(model: SeedModel, provider: ServingProvider): object {
  const { input, output, cacheRead, cacheWrite } = model.pricing ?? {};
  return {
    name: `${provider.slug} | ${model.id}`,
    model_name: displayName(model),
    provider_name: provider.slug,
    context_length: model.contextWindow ?? 0,
    max_completion_tokens: model.maxOutputTokens ?? 0,
    max_prompt_tokens: null,
    quantization: null,
    pricing: {
      prompt: perToken(input),
      completion: perToken(output),
      request: '0',
      image: '0',
      image_output: '0',
      web_search: '0',
      internal_reasoning: '0',
      input_cache_read: perToken(cacheRead),
      input_cache_write: perToken(cacheWrite),
      discount: 0,
    },
    supported_parameters: supportedParameters(model),
    tags: [],
    status: 0,
    supports_implicit_caching: cacheRead !== undefined && model.creator !== 'anthropic',
    uptime_last_15m: 100,
    uptime_last_1h: 100,
    uptime_last_1d: 99.9,
    latency_last_1h: { p50: provider.firstTokenMs, p95: provider.firstTokenMs * 2 },
    throughput_last_1h: { p50: provider.tokensPerSecond, p95: Math.round(provider.tokensPerSecond * 1.5) },
    inference_regions: provider.zones,
  };
}

/** The body of `GET /v1/models/{creator}/{model}/endpoints`. */
export function modelEndpoints(model: SeedModel): object {
  const kinds = (list: readonly string[] | undefined): string[] =>
    (list ?? ['text']).map((kind) => (kind === 'pdf' ? 'file' : kind));
  const input = kinds(model.modalities?.input);
  const output = kinds(model.modalities?.output);
  const { toggle, efforts, budgetTokens } = model.reasoningOptions ?? {};
  return {
    data: {
      id: model.id,
      name: displayName(model),
      created: CREATED,
      released: releasedAt(model),
      description: `${displayName(model)}, ${model.type} model by ${model.creator}.`,
      architecture: {
        tokenizer: null,
        instruct_type: null,
        modality: `${input.join('+')}→${output.join('+')}`,
        input_modalities: input,
        output_modalities: output,
      },
      ...(model.capabilities?.reasoning === true
        ? {
            reasoning: {
              mandatory: toggle !== true && efforts?.includes('none') !== true && budgetTokens?.min !== 0,
              supports_max_tokens: budgetTokens !== undefined,
            },
          }
        : {}),
      endpoints: servingProviders(model).map((provider) => endpoint(model, provider)),
    },
  };
}
