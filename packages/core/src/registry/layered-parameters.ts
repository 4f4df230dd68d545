import type { ProviderOptions } from '../contract/message.js';
import type { GenerationParameters } from '../contract/parameters.js';

/** Where the parameters of a request come from. */
export interface ParameterLayers {
  /** Of gateway and route. */
  readonly defaults: GenerationParameters;
  /** The caller's own. */
  readonly asked: GenerationParameters;
}

/** Both parameters, the strong ones over the weak. Of two that exclude each other the strong one stays. */
export const layered = (weak: GenerationParameters, strong: GenerationParameters): GenerationParameters => {
  const merged: Record<string, unknown> = { ...weak };
  if (strong.reasoningEffort !== undefined) delete merged['reasoningBudgetTokens'];
  if (strong.reasoningBudgetTokens !== undefined) delete merged['reasoningEffort'];
  for (const [name, value] of Object.entries(strong)) if (value !== undefined) merged[name] = value;
  return merged as GenerationParameters;
};

/** Both options, by provider and name; the strong ones over the weak. */
export const mergedOptions = (weak: ProviderOptions, strong: ProviderOptions | undefined): ProviderOptions => {
  if (strong === undefined) return weak;
  const merged = new Map(Object.entries(weak));
  for (const [provider, options] of Object.entries(strong)) {
    const below = merged.get(provider);
    merged.set(provider, below === undefined ? options : { ...below, ...options });
  }
  return Object.fromEntries(merged);
};
