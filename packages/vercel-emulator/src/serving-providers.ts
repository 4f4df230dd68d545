import type { SeedModel } from './catalogue-seed.js';
import { fingerprint } from './random.js';

/** One host of a model. Which host serves what is not in the catalogue: this is the emulator's own, plausible table. */
export interface ServingProvider {
  readonly slug: string;
  /** Keeps no data after the answer. */
  readonly zdr: boolean;
  /** Does not train on prompts. */
  readonly noTraining: boolean;
  /** Zones inference can be held in. */
  readonly zones: readonly ('us' | 'eu')[];
  /** Milliseconds to the first token and tokens per second; made from the names, so the same in every run. */
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
}

const HOSTS_BY_CREATOR: Readonly<Record<string, readonly string[]>> = {
  alibaba: ['alibaba', 'deepinfra', 'novita'],
  amazon: ['bedrock'],
  anthropic: ['anthropic', 'bedrock', 'vertex'],
  deepseek: ['deepseek', 'fireworks', 'baseten', 'novita'],
  google: ['google', 'vertex'],
  kwaipilot: ['streamlake'],
  meta: ['groq', 'bedrock', 'deepinfra'],
  minimax: ['minimax', 'novita'],
  mistral: ['mistral'],
  moonshotai: ['moonshotai', 'fireworks', 'togetherai'],
  nvidia: ['deepinfra', 'nebius'],
  openai: ['openai', 'azure'],
  spacexai: ['xai'],
  zai: ['zai', 'deepinfra', 'cerebras'],
};

const OPEN_WEIGHTS_OF_OPENAI = ['baseten', 'groq', 'cerebras', 'bedrock'] as const;
const KEEP_DATA = new Set(['deepseek', 'alibaba', 'moonshotai', 'minimax', 'zai', 'streamlake', 'perplexity', 'xai']);
const MAY_TRAIN = new Set(['deepseek', 'streamlake']);
const ZONES: Readonly<Record<string, readonly ('us' | 'eu')[]>> = {
  azure: ['us', 'eu'],
  bedrock: ['us', 'eu'],
  mistral: ['eu'],
  openai: ['us'],
  vertex: ['us', 'eu'],
};

function hosts(model: SeedModel): readonly string[] {
  if (model.creator === 'openai' && model.id.includes('/gpt-oss')) return OPEN_WEIGHTS_OF_OPENAI;
  return new Map(Object.entries(HOSTS_BY_CREATOR)).get(model.creator) ?? [model.creator];
}

/** The hosts of a model in the order in which the emulator prefers them. Never empty. */
export function servingProviders(model: SeedModel): readonly ServingProvider[] {
  return hosts(model).map((slug) => {
    const mark = fingerprint(`${slug} ${model.id}`);
    return {
      slug,
      zdr: !KEEP_DATA.has(slug),
      noTraining: !MAY_TRAIN.has(slug),
      zones: new Map(Object.entries(ZONES)).get(slug) ?? [],
      firstTokenMs: 200 + (mark % 900),
      tokensPerSecond: 40 + (mark % 160),
    };
  });
}
