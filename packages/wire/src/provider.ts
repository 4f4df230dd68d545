/**
 * What the packages of providers share beside the wire: their options (keys, addresses, headers, facts of the host), what
 * they ship of models, and how they tell an upstream's failure.
 * @packageDocumentation
 */

export { parseDataUrl } from './chat/decode-media.js';
export { isObject, nonEmptyString, type WireObject } from './chat/json-object.js';
export { anyPrototypeKey, copyJson, jsonText, safeJson, safeObject } from './chat/safe-json.js';
export { shapeOf } from './provider/answer-shape.js';
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
  COMMON_FIELDS,
  COMMON_SYNONYMS,
  type CommonOptions,
  commonOptionsShape,
  headerText,
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
export { hostTokenizerSchema } from './provider/host-tokenizer.js';
export type { HttpConnection } from './provider/http-connection.js';
export { keyFault } from './provider/key-fault.js';
export { type FoundKey, KeyFinder } from './provider/key-finder.js';
export { type KeyInTurn, KeyRotation } from './provider/key-rotation.js';
export type { LiveModel } from './provider/live-model.js';
export { MakerCatalogue, type MakerSeed, readMakerSeed } from './provider/maker-catalogue.js';
export { mediaTypeOf } from './provider/media-type.js';
export { memberOf } from './provider/member-of.js';
export { type FactDates, modelInfoOf } from './provider/model-facts.js';
export { type KeyOption, keyIssues, type NamedKey, namedKeys } from './provider/named-keys.js';
export { packageVersion } from './provider/package-version.js';
export { type OptionsRules, parseOptions } from './provider/parse-options.js';
export type { ReasoningOptions } from './provider/reasoning-options.js';
export { retryAfterOfText } from './provider/retry-hint.js';
export { type SeedModel, SeedModels } from './provider/seed-models.js';
export { tokenizerOf } from './provider/tokenizers.js';
export { failureOfBody, failureOfError, type UpstreamFailure } from './provider/upstream-failure.js';
export { upstreamText } from './provider/upstream-text.js';
export { readWebAddress } from './provider/web-address.js';
export type { AnswerAssembly } from './reply/answer-assembly.js';
export { type FrameDecoderOptions, FrameStreamDecoder } from './reply/frame-stream-decoder.js';
export { TokenCounter } from './reply/token-counter.js';
export { WholeAnswerDecoder, type WholeAnswerOptions } from './reply/whole-answer-decoder.js';
