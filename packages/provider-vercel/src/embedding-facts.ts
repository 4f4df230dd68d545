import type { DimensionFacts, ModelInfo } from '@headrace/core/plugin';

/** Texts that one call to the gateway takes; its own client splits there. */
const MAX_INPUTS_PER_CALL = 2_048;

const fixed = (only: number): DimensionFacts => ({ default: only, values: [only] });
const upTo = (max: number, min = 1): DimensionFacts => ({ default: max, min, max });

const COHERE_5: DimensionFacts = { values: [256, 512, 768, 1024, 1536, 2048] };
const VOYAGE: DimensionFacts = { default: 1024, values: [256, 512, 1024, 2048] };

/** As the makers document them; the gateway's own list says nothing of it. */
const DIMENSIONS: Readonly<Record<string, DimensionFacts>> = {
  'alibaba/qwen3-embedding-0.6b': upTo(1024, 32),
  'alibaba/qwen3-embedding-4b': upTo(2560, 32),
  'alibaba/qwen3-embedding-8b': upTo(4096, 32),
  'amazon/titan-embed-text-v2': { default: 1024, values: [256, 512, 1024] },
  'cohere/embed-v4.0': { default: 1536, values: [256, 512, 1024, 1536] },
  'cohere/embed-v5.0-fast': COHERE_5,
  'cohere/embed-v5.0-pro': COHERE_5,
  'google/gemini-embedding-001': upTo(3072, 128),
  'google/gemini-embedding-2': upTo(3072, 128),
  'google/text-embedding-005': upTo(768),
  'google/text-multilingual-embedding-002': upTo(768),
  'mistral/codestral-embed': { default: 1536, max: 3072 },
  'mistral/mistral-embed': fixed(1024),
  'openai/text-embedding-3-large': upTo(3072),
  'openai/text-embedding-3-small': upTo(1536),
  'openai/text-embedding-ada-002': fixed(1536),
  'perplexity/pplx-embed-v1-0.6b': upTo(1024, 128),
  'perplexity/pplx-embed-v1-4b': upTo(2560, 128),
  'voyage/voyage-3-large': VOYAGE,
  'voyage/voyage-3.5': VOYAGE,
  'voyage/voyage-3.5-lite': VOYAGE,
  'voyage/voyage-4': VOYAGE,
  'voyage/voyage-4-large': VOYAGE,
  'voyage/voyage-4-lite': VOYAGE,
  'voyage/voyage-code-2': fixed(1536),
  'voyage/voyage-code-3': VOYAGE,
  'voyage/voyage-finance-2': fixed(1024),
  'voyage/voyage-law-2': fixed(1024),
};

/** What is known of a model that embeds, beyond what the catalogue says of every model. */
export const embeddingFacts = (id: string): Pick<ModelInfo, 'maxInputsPerCall' | 'dimensions'> => {
  const dimensions = Object.hasOwn(DIMENSIONS, id) ? DIMENSIONS[id] : undefined;
  return { maxInputsPerCall: MAX_INPUTS_PER_CALL, ...(dimensions === undefined ? {} : { dimensions }) };
};
