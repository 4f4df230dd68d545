/**
 * Endpoints that speak as OpenAI does, as providers of Headrace.
 * @packageDocumentation
 */
export { CompatibleClient } from './compatible-client.js';
export { openaiCompatible, plugin } from './compatible-module.js';
export { type CompatibleOptions, compatibleOptionsSchema } from './compatible-options.js';
export type { EndpointForm } from './endpoint-form.js';
export { PRESETS, type Preset, type PresetName } from './presets.js';
