import type { SeedModel } from './catalogue-seed.js';
import { wirePricing } from './model-pricing.js';
import { servingProviders } from './serving-providers.js';

/** The one value that every entry of the real list carries. */
export const CREATED = 1755815280;

const WITHOUT_LIMITS = new Set(['speech', 'transcription', 'decision']);
const EVEN_IN_ZONES = new Set(['openai', 'anthropic', 'google', 'amazon', 'mistral']);

/** Unix seconds of a day or month in UTC; the constant of the list when the day is not known. */
export function releasedAt(model: SeedModel): number {
  if (model.releaseDate === undefined) return CREATED;
  const [year = '', month = '01', day = '01'] = model.releaseDate.split('-');
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000;
}

export const displayName = (model: SeedModel): string => model.name ?? model.id.slice(model.id.indexOf('/') + 1);

function tags(model: SeedModel): readonly string[] {
  const inputs = model.modalities?.input ?? [];
  const outputs = model.modalities?.output ?? [];
  const prices = model.pricing ?? {};
  const found: (string | false)[] = [
    model.capabilities?.toolCall === true && 'tool-use',
    model.capabilities?.reasoning === true && 'reasoning',
    model.type === 'language' && inputs.includes('image') && 'vision',
    inputs.includes('pdf') && 'file-input',
    inputs.includes('video') && 'video-input',
    prices.cacheWrite !== undefined && model.creator === 'anthropic' && 'explicit-caching',
    prices.cacheRead !== undefined && model.creator !== 'anthropic' && 'implicit-caching',
    outputs.includes('image') && 'image-generation',
    model.id.endsWith('-fast') && 'fast',
    model.id.endsWith('-free') && 'free',
  ];
  return found.filter((tag) => tag !== false);
}

/** The parameters the list names for a model, which are never more than seven words. */
export function supportedParameters(model: SeedModel): readonly string[] {
  const tools = model.capabilities?.toolCall === true;
  const reasoning = model.capabilities?.reasoning === true;
  return [
    'max_tokens',
    ...(model.capabilities?.temperature === false ? [] : ['temperature']),
    'stop',
    ...(tools ? ['tools', 'tool_choice'] : []),
    ...(reasoning ? ['reasoning', 'include_reasoning'] : []),
  ];
}

function reasoningOptions(model: SeedModel): readonly object[] {
  const { toggle, efforts, budgetTokens } = model.reasoningOptions ?? {};
  return [
    ...(toggle === true ? [{ type: 'toggle' }] : []),
    ...(efforts === undefined ? [] : [{ type: 'effort', values: efforts.map((v) => (v === 'null' ? null : v)) }]),
    ...(budgetTokens === undefined ? [] : [{ type: 'budget_tokens', ...budgetTokens }]),
  ];
}

/** How many of the model's providers honour a promise; which do is the emulator's own table. */
function share(model: SeedModel, honours: 'zdr' | 'noTraining'): 'none' | 'some' | 'all' {
  const providers = servingProviders(model);
  const count = providers.filter((provider) => provider[honours]).length;
  if (count === 0) return 'none';
  return count === providers.length ? 'all' : 'some';
}

/** One entry of `GET /v1/models`, with the members in the order of the real list. */
export function modelEntry(model: SeedModel): Record<string, unknown> {
  const spoken = model.type === 'language' || model.type === 'realtime';
  const modelTags = tags(model);
  const options = reasoningOptions(model);
  const name = displayName(model);
  return {
    id: model.id,
    object: 'model',
    created: CREATED,
    released: releasedAt(model),
    owned_by: model.creator,
    name,
    description: `${name}, ${model.type} model by ${model.creator}.`,
    ...(WITHOUT_LIMITS.has(model.type)
      ? {}
      : { context_window: model.contextWindow ?? 0, max_tokens: model.maxOutputTokens ?? 0 }),
    type: model.type === 'decision' ? 'evaluation' : model.type,
    zdr: share(model, 'zdr'),
    no_training: share(model, 'noTraining'),
    ...(modelTags.length === 0 ? {} : { tags: modelTags }),
    ...(model.type === 'language' && EVEN_IN_ZONES.has(model.creator) ? { regions: ['eu', 'us'] } : {}),
    supported_specifications: model.type === 'video' ? ['v3', 'v4'] : ['v2', 'v3', 'v4'],
    modalities: { input: model.modalities?.input ?? ['text'], output: model.modalities?.output ?? ['text'] },
    ...(spoken ? { supported_parameters: supportedParameters(model) } : {}),
    ...(spoken ? { temperature: model.capabilities?.temperature !== false } : {}),
    ...(options.length === 0 ? {} : { reasoning_options: options }),
    ...(model.knowledgeCutoff === undefined ? {} : { knowledge: model.knowledgeCutoff }),
    ...(model.status === 'deprecated' ? { deprecated_at: CREATED * 1000 } : {}),
    pricing: wirePricing(model.pricing),
  };
}
