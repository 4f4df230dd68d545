import type { RequestKind } from '@headrace/core/plugin';
import type { EndpointForm } from './endpoint-form.js';

/** What is known of one vendor or server. */
export interface Preset {
  /** How errors call it. */
  readonly title: string;
  /** With the version, without a slash at its end. Absent: the host must give it. */
  readonly baseUrl?: string;
  /** The variable that holds the key. Absent: a server that mostly has none. */
  readonly keyVariable?: string;
  /** Default `bearer`. `api-key`: a header of that name, as Azure has it. */
  readonly auth?: 'bearer' | 'api-key';
  /** The maker whose profiles of parameters hold. Absent: ids name their maker, or nothing is known. */
  readonly maker?: string;
  /** The file of models that is shipped. */
  readonly models?: string;
  /** What it does beside completions. Default nothing. */
  readonly kinds?: readonly Exclude<RequestKind, 'completion'>[];
  readonly form: EndpointForm;
  /** The page of the vendor that the row is from. */
  readonly source: string;
}

/** Endpoints by name. Facts of the vendors' pages, read in November 2026; none was tried live. */
export const PRESETS = {
  openai: {
    title: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    keyVariable: 'OPENAI_API_KEY',
    maker: 'openai',
    models: 'openai-models.json',
    kinds: ['embedding', 'image'],
    form: { maxTokensField: 'max_completion_tokens', unsupported: ['topK'], endUserField: 'safety_identifier' },
    source: 'https://platform.openai.com/docs/api-reference/chat/create',
  },
  azure: {
    title: 'Azure OpenAI',
    keyVariable: 'AZURE_OPENAI_API_KEY',
    auth: 'api-key',
    maker: 'openai',
    kinds: ['embedding', 'image'],
    form: { maxTokensField: 'max_completion_tokens', unsupported: ['topK'] },
    source: 'https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle',
  },
  groq: {
    title: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    keyVariable: 'GROQ_API_KEY',
    form: { maxTokensField: 'max_completion_tokens', unsupported: ['topK'], reasoningReplay: 'reasoning' },
    source: 'https://console.groq.com/docs/openai',
  },
  mistral: {
    title: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    keyVariable: 'MISTRAL_API_KEY',
    maker: 'mistral',
    kinds: ['embedding'],
    form: {
      unsupported: ['topK'],
      seedField: 'random_seed',
      requiredToolChoice: 'any',
      // Ids of other makers are refused: https://mistralai.github.io/mistral-common/usage/tools/
      shortCallIds: true,
      endUserField: 'none',
      streamOptions: false,
      // An answer is to go back with its thoughts: https://docs.mistral.ai/inference/conversations/reasoning
      reasoningReplay: 'thinking',
    },
    source: 'https://docs.mistral.ai/api/endpoint/chat',
  },
  deepseek: {
    title: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    keyVariable: 'DEEPSEEK_API_KEY',
    maker: 'deepseek',
    form: {
      unsupported: ['topK', 'seed'],
      thinkingSwitch: true,
      reasoningReplay: 'reasoning_content',
      parallelToolCalls: false,
      endUserField: 'none',
      jsonSchema: false,
    },
    source: 'https://api-docs.deepseek.com/guides/thinking_mode',
  },
  xai: {
    title: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    keyVariable: 'XAI_API_KEY',
    maker: 'xai',
    kinds: ['image'],
    form: {
      maxTokensField: 'max_completion_tokens',
      unsupported: ['topK'],
      // A size is refused, and edits are asked for in JSON: https://docs.x.ai/developers/model-capabilities/images/generation
      imageSize: 'none',
      imageEdits: false,
      imageFormat: 'b64_json',
    },
    source: 'https://docs.x.ai/docs/api-reference',
  },
  openrouter: {
    title: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    form: { reasoningField: 'reasoning', reasoningReplay: 'reasoning_details', cacheMarks: true },
    source: 'https://openrouter.ai/docs/api-reference/parameters',
  },
  together: {
    title: 'Together AI',
    baseUrl: 'https://api.together.xyz/v1',
    keyVariable: 'TOGETHER_API_KEY',
    kinds: ['embedding', 'image', 'reranking'],
    form: {
      endUserField: 'none',
      reasoningReplay: 'reasoning',
      // https://docs.together.ai/reference/post-images-generations, https://docs.together.ai/docs/rerank-overview
      imageSize: 'width-height',
      imageFormat: 'base64',
      imageEdits: false,
      documentObjects: true,
    },
    source: 'https://docs.together.ai/docs/openai-api-compatibility',
  },
  fireworks: {
    title: 'Fireworks AI',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    keyVariable: 'FIREWORKS_API_KEY',
    kinds: ['embedding'],
    form: { reasoningReplay: 'reasoning_content' },
    source: 'https://docs.fireworks.ai/tools-sdks/openai-compatibility',
  },
  ollama: {
    title: 'Ollama',
    baseUrl: 'http://localhost:11434/v1',
    kinds: ['embedding', 'image'],
    form: {
      unsupported: ['topK'],
      reasoningReplay: 'reasoning',
      // Taken and not heeded, `none` neither (0.32.15): https://github.com/ollama/ollama/issues/17921
      toolChoice: 'none',
      parallelToolCalls: false,
      endUserField: 'none',
      imageFormat: 'b64_json',
      imageCount: false,
      imageEdits: false,
    },
    source: 'https://docs.ollama.com/api/openai-compatibility',
  },
  vllm: {
    title: 'vLLM',
    baseUrl: 'http://localhost:8000/v1',
    kinds: ['embedding', 'reranking'],
    form: { maxTokensField: 'max_completion_tokens', reasoningReplay: 'reasoning', endUserField: 'user' },
    source: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server/',
  },
  llamacpp: {
    title: 'llama.cpp',
    baseUrl: 'http://localhost:8080/v1',
    kinds: ['embedding', 'reranking'],
    // A name is taken for `auto` in silence: https://github.com/ggml-org/llama.cpp/issues/26535
    form: { reasoningReplay: 'reasoning_content', endUserField: 'none', toolChoice: 'words' },
    source: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
  },
  lmstudio: {
    title: 'LM Studio',
    baseUrl: 'http://localhost:1234/v1',
    kinds: ['embedding'],
    // A name is refused: https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/670
    form: { endUserField: 'none', parallelToolCalls: false, toolChoice: 'words' },
    source: 'https://lmstudio.ai/docs/developer/openai-compat',
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** For an endpoint that no preset describes: what nearly every server takes, and every kind, since nobody knows better. */
export const ANY_ENDPOINT: Preset = {
  title: 'The upstream',
  kinds: ['embedding', 'image', 'reranking'],
  form: {},
  source: '',
};
