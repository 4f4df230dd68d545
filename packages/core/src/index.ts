/**
 * The host face: what an application needs. No tsyringe name in it, and nothing to import beside it.
 * @packageDocumentation
 */
import 'reflect-metadata';

export type { CacheRecord } from './cache/cache-note.js';
export type { CacheOptions, CacheUse } from './cache/cache-options.js';
export type { TraceContext } from './contract/call-context.js';
export type { Clock, RandomSource } from './contract/clock.js';
export type { JsonObject, JsonValue } from './contract/json.js';
export type { KnownModels, ModelReference } from './contract/known-models.js';
export type { LimitMeasure, LimitScope, LimitState } from './contract/limit-state.js';
export type {
  Annotations,
  AssistantMessage,
  AssistantPart,
  CacheMark,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
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
  type ParameterFact,
  type Provenance,
  provenanceOf,
} from './contract/model-info.js';
export type { GenerationParameters, ParameterName, ReasoningEffort } from './contract/parameters.js';
export type { Pricing, TokenPrices, TokenPricing } from './contract/pricing.js';
export type { ReceiptPage, ReceiptQuery, ReceiptStore } from './contract/receipt-store.js';
export type {
  CompletionRequest,
  Delivery,
  JsonOutputFormat,
  ModelRequest,
  RequestKind,
} from './contract/request.js';
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
  type FinishReason,
  isContent,
  type StreamEvent,
  type ToolResultEvent,
} from './contract/stream-event.js';
export type { TokenizerFacts } from './contract/tokenizer-facts.js';
export type { ToolChoice, ToolDefinition } from './contract/tool.js';
export type { EmbeddingRequest, ImageInput, ImageRequest, RerankingRequest } from './contract/unary-request.js';
export type { UpstreamAttempt } from './contract/upstream-attempt.js';
export type { BillableUnits, Certainty, Cost, ImageTrait, TokenUsage } from './contract/usage.js';
export type { Warning } from './contract/warning.js';
export { createGateway } from './create-gateway.js';
export type { ProviderModule } from './di/provider-module.js';
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
export type { FailureClass } from './errors/failure-class.js';
export { TargetUnavailableError, type UnavailableCode } from './errors/gate-errors.js';
export { GatewayError, type UpstreamDetail } from './errors/gateway-error.js';
export {
  BudgetExhaustedError,
  LimitReachedError,
  type LimitReachedOptions,
  StoreFullError,
} from './errors/limit-errors.js';
export { MiddlewareFailedError, MiddlewareRefusalError, type MiddlewareSide } from './errors/middleware-errors.js';
export { nearest } from './errors/nearest.js';
export { RecoveryFailedError } from './errors/recovery-error.js';
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
export type { CostEstimate } from './estimate/estimate-cost.js';
export type { TokenEstimate } from './estimate/estimate-tokens.js';
export type { BreakerOptions, ConcurrencyOptions, GateOptions } from './gate/gate-options.js';
export type {
  BegunCall,
  CallObserver,
  HookErrorHandler,
  HookFailure,
  ObservedCall,
  ReceiptHook,
} from './gateway/call-observer.js';
export type {
  ExplainedTarget,
  Explanation,
  Unavailability,
} from './gateway/explain/explanation.js';
export type {
  Completion,
  CompletionOptions,
  CompletionStream,
  ExplainOptions,
  Gateway,
  GatewayProvider,
  LimitedCallOptions,
  ModelsOptions,
  ReloadableGateway,
  Tool,
  ToolCall,
} from './gateway/gateway.js';
export type { GatewayOptions } from './gateway/gateway-options.js';
export { policiesSchema } from './gateway/gateway-options-schema.js';
export {
  answerHeaders,
  attemptsComment,
  attemptsUsed,
  BUDGET_HEADERS,
  type BudgetLimits,
  budgetOf,
  type CallBudget,
  type EndedCall,
  type IncomingHeaders,
} from './gateway/nested-budget.js';
export type { RouteOptions, RouteTargetOptions } from './gateway/route-options.js';
export type {
  EmbeddingAnswer,
  EmbedOptions,
  ImageAnswer,
  ImageOptions,
  RankedResult,
  RerankDocument,
  RerankingAnswer,
  RerankOptions,
  UnaryAnswer,
  UnaryOptions,
} from './gateway/unary-options.js';
export type { HedgeOptions, HedgingOptions } from './hedging/hedge-options.js';
export type { Budget, Limits, LimitsOptions } from './limits/limits-options.js';
export type {
  AnswerVerdict,
  CallMiddleware,
  Middleware,
  MiddlewareCall,
  Refusal,
  RequestVerdict,
} from './middleware/middleware.js';
export type { MiddlewareRecord } from './middleware/middleware-record.js';
export type { ClockLimits, ClockOptions } from './pipeline/clock-limits.js';
export type { Decision, DecisionOverrides } from './pipeline/decision-table.js';
export type {
  AdmissionRecord,
  AnswerPart,
  AttemptRecord,
  FailureRecord,
  Outcome,
  Receipt,
  RecoveryRecord,
  SkippedTarget,
} from './pipeline/receipt.js';
export type { RecoveryMode } from './pipeline/recovery/recovery-mode.js';
export type { RetryOptions } from './pipeline/retry-policy.js';
export { costOf } from './pricing/cost-of.js';
export { pricesAt } from './pricing/prices-at.js';
export { MemoryReceiptStore, type MemoryReceiptStoreOptions } from './receipts/memory-receipt-store.js';
export type { JsonSchema, OutputSchema } from './schema/output-schema.js';
export { Secret } from './schema/secret.js';
