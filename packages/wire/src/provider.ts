/**
 * What the packages of providers share beside the wire: their options (keys, addresses, headers, facts of the host), what
 * they ship of models, and how they tell an upstream's failure.
 * @packageDocumentation
 */

export { shapeOf } from './provider/answer-shape.js';
export { parameterIssues, unmet } from './provider/check-parameters.js';
export { readData, readEntries } from './provider/data-file.js';
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
export { type KeyInTurn, KeyRotation } from './provider/key-rotation.js';
export { mediaTypeOf } from './provider/media-type.js';
export { memberOf } from './provider/member-of.js';
export { type KeyOption, keyIssues, type NamedKey, namedKeys } from './provider/named-keys.js';
export { parametersOf } from './provider/parameter-profiles.js';
export type { ReasoningOptions } from './provider/reasoning-options.js';
export { retryAfterOfField, retryAfterOfText } from './provider/retry-hint.js';
export { type SeedModel, SeedModels } from './provider/seed-models.js';
export { tokenizerOf } from './provider/tokenizers.js';
export { upstreamText } from './provider/upstream-text.js';
export { readWebAddress } from './provider/web-address.js';
