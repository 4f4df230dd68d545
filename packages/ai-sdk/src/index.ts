/**
 * A gateway as a provider of the AI SDK.
 * @packageDocumentation
 */
export { createHeadrace, type HeadraceGateway, type HeadraceProvider } from './create-headrace.js';
export type {
  HeadraceDefaults,
  HeadraceEmbeddingOptions,
  HeadraceImageOptions,
  HeadraceLanguageOptions,
  HeadraceRerankingOptions,
} from './shared/own-options.js';
