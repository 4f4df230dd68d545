/**
 * What the packages of providers share beside the wire: their options (keys, addresses, headers, facts of the host), what
 * they ship of models, and how they tell an upstream's failure.
 * @packageDocumentation
 */

export { parseDataUrl } from './chat/decode-media.js';
export { isObject, nonEmptyString, type WireObject } from './chat/json-object.js';
export { anyPrototypeKey, copyJson, jsonText, safeJson, safeObject } from './chat/safe-json.js';
export {
  type AddressFault,
  type BaseUrl,
  type BaseUrlReader,
  baseUrlOf,
  baseUrlSchema,
  pathBeforeVersion,
} from './provider/base-url.js';
export { CallHeaders, type Headers, NO_HEADERS } from './provider/call-headers.js';
export {
  CATALOGUE_FIELDS,
  type CatalogueOption,
  catalogueOptionSchema,
  refreshRulesOf,
} from './provider/catalogue-option.js';
export { CatalogueRefresh, type RefreshRules } from './provider/catalogue-refresh.js';
export type { CatalogueFailure, CatalogueRefreshEvent, CatalogueStatus } from './provider/catalogue-status.js';
export { parameterIssues } from './provider/check-parameters.js';
export {
  type CataloguedClient,
  ClientModels,
  ClientProvider,
  clientModule,
  SharedClient,
} from './provider/client-module.js';
export {
  COMMON_FIELDS,
  COMMON_SYNONYMS,
  type CommonOptions,
  commonOptionsShape,
  headerText,
  type KnownFields,
  milliseconds,
  ONLY_IN_CODE,
} from './provider/common-options.js';
export { apiKeyOf, connectionOf, headersOf } from './provider/common-settings.js';
export { readData, readEntries } from './provider/data-file.js';
export type { Environment } from './provider/environment.js';
export { byWording, isAboutMoney } from './provider/failure-wording.js';
export { headerNameFault, headerValueFault } from './provider/header-value.js';
export {
  type HostModel,
  hostModelOf,
  hostModelSchema,
  mergedParameters,
  PARAMETER_NAMES,
} from './provider/host-model.js';
export type { HttpConnection } from './provider/http-connection.js';
export { keyFault } from './provider/key-fault.js';
export { type FoundKey, KeyFinder } from './provider/key-finder.js';
export { type KeyInTurn, KeyRotation } from './provider/key-rotation.js';
export {
  LayeredCatalogue,
  type LayeredCatalogueOptions,
  lazySeed,
  type ModelSeed,
} from './provider/layered-catalogue.js';
export type { LiveModel } from './provider/live-model.js';
export { isStreamed, mediaTypeOf } from './provider/media-type.js';
export { memberOf } from './provider/member-of.js';
export { type FactDates, modelInfoOf } from './provider/model-facts.js';
export { type KeyOption, keyIssues, type NamedKey, namedKeys } from './provider/named-keys.js';
export { packageVersion } from './provider/package-version.js';
export { type OptionsRules, parseOptions } from './provider/parse-options.js';
export { type CallTerms, ProviderCall } from './provider/provider-call.js';
export { ProviderClient, type Question } from './provider/provider-client.js';
export { ProviderSettings, type SettingsTerms } from './provider/provider-settings.js';
export type { ReasoningOptions } from './provider/reasoning-options.js';
export { retryAfterOfText } from './provider/retry-hint.js';
export { type SeedModel, SeedModels } from './provider/seed-models.js';
export type { KeySource, SentKey } from './provider/sent-key.js';
export { shouldRetryOf } from './provider/should-retry.js';
export { tokenizerOf } from './provider/tokenizers.js';
export { untoldFailure } from './provider/untold-failure.js';
export { failureOfBody, failureOfError, failureOfWords, type UpstreamFailure } from './provider/upstream-failure.js';
export { upstreamText } from './provider/upstream-text.js';
export { readWebAddress } from './provider/web-address.js';
export type { AnswerAssembly } from './reply/answer-assembly.js';
export { type FrameDecoderOptions, FrameStreamDecoder } from './reply/frame-stream-decoder.js';
export { TokenCounter } from './reply/token-counter.js';
export { WholeAnswerDecoder, type WholeAnswerOptions } from './reply/whole-answer-decoder.js';
