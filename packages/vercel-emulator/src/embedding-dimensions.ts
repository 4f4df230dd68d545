/** How many numbers the vectors of a model can have. */
export interface Dimensions {
  /** When none are asked for. */
  readonly default: number;
  /** Only these. */
  readonly values?: readonly number[];
  /** Any whole number from `min` to `max`. */
  readonly min?: number;
  readonly max?: number;
}

const fixed = (only: number): Dimensions => ({ default: only, values: [only] });
const upTo = (max: number, min = 1): Dimensions => ({ default: max, min, max });

/** The makers name no default for Cohere's fifth generation; the one of the fourth is taken. */
const COHERE_5: Dimensions = { default: 1536, values: [256, 512, 768, 1024, 1536, 2048] };
const VOYAGE: Dimensions = { default: 1024, values: [256, 512, 1024, 2048] };

/** As the makers document them; the catalogue says nothing of it. */
const BY_MODEL: ReadonlyMap<string, Dimensions> = new Map([
  ['alibaba/qwen3-embedding-0.6b', upTo(1024, 32)],
  ['alibaba/qwen3-embedding-4b', upTo(2560, 32)],
  ['alibaba/qwen3-embedding-8b', upTo(4096, 32)],
  ['amazon/titan-embed-text-v2', { default: 1024, values: [256, 512, 1024] }],
  ['cohere/embed-v4.0', { default: 1536, values: [256, 512, 1024, 1536] }],
  ['cohere/embed-v5.0-fast', COHERE_5],
  ['cohere/embed-v5.0-pro', COHERE_5],
  ['google/gemini-embedding-001', upTo(3072, 128)],
  ['google/gemini-embedding-2', upTo(3072, 128)],
  ['google/text-embedding-005', upTo(768)],
  ['google/text-multilingual-embedding-002', upTo(768)],
  ['mistral/codestral-embed', { default: 1536, min: 1, max: 3072 }],
  ['mistral/mistral-embed', fixed(1024)],
  ['openai/text-embedding-3-large', upTo(3072)],
  ['openai/text-embedding-3-small', upTo(1536)],
  ['openai/text-embedding-ada-002', fixed(1536)],
  ['perplexity/pplx-embed-v1-0.6b', upTo(1024, 128)],
  ['perplexity/pplx-embed-v1-4b', upTo(2560, 128)],
  ['voyage/voyage-3-large', VOYAGE],
  ['voyage/voyage-3.5', VOYAGE],
  ['voyage/voyage-3.5-lite', VOYAGE],
  ['voyage/voyage-4', VOYAGE],
  ['voyage/voyage-4-large', VOYAGE],
  ['voyage/voyage-4-lite', VOYAGE],
  ['voyage/voyage-code-2', fixed(1536)],
  ['voyage/voyage-code-3', VOYAGE],
  ['voyage/voyage-finance-2', fixed(1024)],
  ['voyage/voyage-law-2', fixed(1024)],
]);

/** A model that nobody documents gives 1024 numbers, and takes up to 4096. */
export const dimensionsOf = (modelId: string): Dimensions =>
  BY_MODEL.get(modelId) ?? { default: 1024, min: 1, max: 4096 };

/** Why a model cannot give so many, or undefined when it can. */
export function dimensionsFault({ values, min = 1, max = Infinity }: Dimensions, asked: number): string | undefined {
  if (values !== undefined) return values.includes(asked) ? undefined : `must be one of ${values.join(', ')}`;
  return Number.isInteger(asked) && asked >= min && asked <= max
    ? undefined
    : `must be a whole number from ${min} to ${max}`;
}
