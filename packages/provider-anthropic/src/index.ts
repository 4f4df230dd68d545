/**
 * The Anthropic Messages API as a provider of Headrace.
 * @packageDocumentation
 */

export { AnthropicClient } from './anthropic-client.js';
export { anthropic } from './anthropic-module.js';
export { type AnthropicOptions, anthropicOptionsSchema } from './anthropic-options.js';
export { plugin } from './anthropic-plugin.js';
export type { AnthropicCallOptions } from './call-options.js';
