/**
 * The plugin face: what the author of a provider needs.
 * @packageDocumentation
 */
import 'reflect-metadata';

export type { AttemptBudget, CallContext, DelegatedAttempts, Phase, TraceContext } from './contract/call-context.js';
export type { Clock, RandomSource } from './contract/clock.js';
export type { JsonObject, JsonValue } from './contract/json.js';
export type { KnownModels, ModelReference } from './contract/known-models.js';
export type {
  Annotations,
  AssistantMessage,
  AssistantPart,
  CacheMark,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  MessagePart,
  ProviderOptions,
  ReasoningPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
  UserPart,
} from './contract/message.js';
export type { ModelFacts } from './contract/model-facts.js';
export {
  type DimensionFacts,
  type FactOrigin,
  type ModelInfo,
  type ParameterCondition,
  type ParameterFact,
  type Provenance,
  provenanceOf,
} from './contract/model-info.js';
export type { GenerationParameters, ParameterName, ReasoningEffort } from './contract/parameters.js';
export type { Pricing, TokenPrices, TokenPricing } from './contract/pricing.js';
export type { ModelSource, Provider } from './contract/provider.js';
export type { ReceiptPage, ReceiptQuery, ReceiptStore } from './contract/receipt-store.js';
export type { CompletionRequest, Delivery, JsonOutputFormat, ModelRequest, RequestKind } from './contract/request.js';
export type {
  EmbeddingResult,
  GeneratedImage,
  ImageResult,
  ModelResult,
  RankedDocument,
  RerankingResult,
} from './contract/result.js';
export type {
  AccountState,
  BeginOp,
  BeginReply,
  EndOp,
  LimitAccount,
  LimitedAmount,
  LimitWindow,
  RenewOp,
  ReserveOp,
  SettledAmount,
  SettleOp,
  ShortAccount,
  StateStore,
} from './contract/state-store.js';
export {
  type CitationEvent,
  type EventBatch,
  type FileEvent,
  type FinishReason,
  isContent,
  type RawEvent,
  type ReasoningDeltaEvent,
  type ResponseEndEvent,
  type ResponseStartEvent,
  type StreamEvent,
  type TextDeltaEvent,
  type ToolCallDeltaEvent,
  type ToolCallEndEvent,
  type ToolCallStartEvent,
  type ToolResultEvent,
  type WarningEvent,
} from './contract/stream-event.js';
export { tellLosses } from './contract/tell-losses.js';
export { TEXT_TRAITS, type TextTrait, type TokenizerFacts } from './contract/tokenizer-facts.js';
export type { ToolChoice, ToolDefinition } from './contract/tool.js';
export type { EmbeddingRequest, ImageInput, ImageRequest, RerankingRequest } from './contract/unary-request.js';
export type { UpstreamAttempt } from './contract/upstream-attempt.js';
export type { BillableUnits, Certainty, Cost, ImageTrait, TokenUsage } from './contract/usage.js';
export type { Warning } from './contract/warning.js';
export { inject, injectable } from './di/container.js';
export type { Constructor, PluginContainer, PluginScope } from './di/plugin-scope.js';
export { CONTRACT_VERSION, type ProviderModule } from './di/provider-module.js';
export type { CheckedOptions, OptionsIssue, OptionsSchema, ProviderPlugin } from './di/provider-plugin.js';
export { CLOCK, MODEL_SOURCE, PROVIDER, RANDOM } from './di/tokens.js';
export {
  CredentialRejectedError,
  ForbiddenError,
  MissingCredentialError,
  QuotaExhaustedError,
} from './errors/access-errors.js';
export {
  AttemptsExhaustedError,
  ConfigurationError,
  ContentPolicyError,
  ContextLengthError,
  DuplicateProviderError,
  type InputIssue,
  InvalidRequestError,
  ModelNotFoundError,
  RequestLossError,
  UnknownProviderError,
} from './errors/caller-errors.js';
export { GatewayDisposedError, ReaderLeftError } from './errors/cancel-errors.js';
export { type ClockName, TimeoutError } from './errors/clock-errors.js';
export { errorFromStatus } from './errors/error-from-status.js';
export { FAILURE_CLASSES, type FailureClass } from './errors/failure-class.js';
export { GatewayError, type GatewayErrorOptions, type UpstreamDetail } from './errors/gateway-error.js';
export { nearest } from './errors/nearest.js';
export {
  MalformedResponseError,
  OutputInvalidError,
  OverloadedError,
  ProviderFaultError,
  RateLimitedError,
  StreamInterruptedError,
  TransportError,
  UpstreamError,
} from './errors/upstream-errors.js';
export { within } from './limits/time-limit.js';
export { type KeyLease, type KeyRing, loadKeyRing } from './pipeline/load-key-ring.js';
export type { Receipt } from './pipeline/receipt.js';
export { standaloneContext } from './pipeline/standalone-context.js';
export { systemClock } from './pipeline/system-clock.js';
export { costOf } from './pricing/cost-of.js';
export { pricesAt } from './pricing/prices-at.js';
export { modelFactsSchema } from './registry/model-facts-schema.js';
export { emulatedOutput } from './schema/emulated-output.js';
export { mediaTypeOfBytes } from './schema/media-type-of-bytes.js';
export { parseJson } from './schema/parse-json.js';
export { Secret } from './schema/secret.js';
export { isTraceparent, isTracestate } from './schema/trace-context.js';
export { fieldOf, issuesOf } from './schema/zod-issues.js';
