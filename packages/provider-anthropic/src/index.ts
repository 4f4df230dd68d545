/**
 * The Anthropic Messages API as a provider of Headrace.
 * @packageDocumentation
 */

export { AnthropicClient } from './anthropic-client.js';
export { AnthropicModels } from './anthropic-models.js';
export { anthropic } from './anthropic-module.js';
export { type AnthropicOptions, anthropicOptionsSchema } from './anthropic-options.js';
export { plugin } from './anthropic-plugin.js';
export { AnthropicProvider } from './anthropic-provider.js';
export type { AnthropicCallOptions } from './call-options.js';
