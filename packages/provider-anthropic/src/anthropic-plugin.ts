import { CONTRACT_VERSION, type ProviderPlugin } from '@headrace/core/plugin';
import { anthropic } from './anthropic-module.js';
import { type AnthropicOptions, anthropicOptionsSchema } from './anthropic-options.js';

/** The Anthropic Messages API for files of configuration, which name this package. */
export const plugin: ProviderPlugin<AnthropicOptions> = {
  contractVersion: CONTRACT_VERSION,
  optionsSchema: anthropicOptionsSchema,
  create: anthropic,
};
