/**
 * Vercel AI Gateway as a provider of Headrace.
 * @packageDocumentation
 */

export type {
  CatalogueFailure,
  CatalogueRefreshEvent,
  CatalogueStatus,
  Environment,
  HostModel,
  KeyOption,
} from '@headrace/wire/provider';
export type { Credits, Generation } from './account-records.js';
export { DEFAULT_BASE_URL } from './base-url.js';
export { conversationPrompt, messagesOfPrompt, type SpokenMessage } from './conversation-prompt.js';
export { type CreateCompletionOptions, closeDefaultGateway, createCompletion } from './create-completion.js';
export { FailedDependencyError } from './failed-dependency-error.js';
export type { GatewayRouting, OwnCredential } from './gateway-routing.js';
export type { GenerateParams } from './generate-params.js';
export type { GenerationOptions } from './generation-record.js';
export type { VercelModelId } from './known-models.js';
export { ModelCatalogue, type ModelCatalogueOptions } from './model-catalogue.js';
export type { ModelEndpoint, ModelEndpoints, Percentiles } from './model-endpoints.js';
export type { VercelModelIds } from './model-ids.js';
export type { VercelCallOptions } from './provider-options.js';
export type { ReportGroup, ReportOptions, ReportRow } from './spend-report.js';
export { type DefaultParams, VercelClient } from './vercel-client.js';
export { vercelModels } from './vercel-models.js';
export { vercel } from './vercel-module.js';
export { type VercelOptions, vercelOptionsSchema } from './vercel-options.js';
export { plugin } from './vercel-plugin.js';
