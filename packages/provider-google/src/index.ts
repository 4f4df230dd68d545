/**
 * Google Gemini, by its native API, as a provider of Headrace.
 * @packageDocumentation
 */
export type { GoogleCallOptions } from './google-call-options.js';
export { GoogleClient } from './google-client.js';
export { google, plugin } from './google-module.js';
export { type GoogleOptions, googleOptionsSchema } from './google-options.js';
