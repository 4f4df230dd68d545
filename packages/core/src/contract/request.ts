import type { JsonObject } from './json.js';
import type { Message, ProviderOptions } from './message.js';
import type { GenerationParameters } from './parameters.js';
import type { ToolChoice, ToolDefinition } from './tool.js';
import type { EmbeddingRequest, ImageRequest, RerankingRequest } from './unary-request.js';

/** `stream`: tokens as they come. `whole`: one plain upstream call whose answer arrives complete. */
export type Delivery = 'stream' | 'whole';

/** The form the answer must take. */
export interface JsonOutputFormat {
  readonly type: 'json';
  /** JSON Schema of the answer. Absent: any JSON object. */
  readonly schema?: JsonObject;
  /** 1–64 of `A–Z a–z 0–9 _ -`. Default `output`. */
  readonly name?: string;
  readonly description?: string;
  /** Asks the upstream to constrain decoding to the schema. */
  readonly strict?: boolean;
}

/** One completion as a provider gets it: target chosen, parameters resolved, input checked. */
export interface CompletionRequest {
  readonly kind: 'completion';
  /** The provider's own id of the model, without our provider prefix. */
  readonly model: string;
  readonly delivery: Delivery;
  /** At least one. */
  readonly messages: readonly Message[];
  readonly parameters: GenerationParameters;
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  /** False: at most one tool call per answer. Absent: the upstream decides. */
  readonly parallelToolCalls?: boolean;
  readonly outputFormat?: JsonOutputFormat;
  /** What the answer may hold. Absent: text. */
  readonly outputModalities?: readonly ('text' | 'image')[];
  /** An opaque id of the person behind the call, for the upstream's abuse checks. At most 256 characters. */
  readonly endUser?: string;
  readonly providerOptions?: ProviderOptions;
}

/**
 * Every kind of work a provider may be asked for. Additive: a new kind is a new member. For all but completions the
 * provider yields one batch, which ends in a `response-end` with a `result` of the same kind.
 */
export type ModelRequest = CompletionRequest | EmbeddingRequest | RerankingRequest | ImageRequest;
export type RequestKind = ModelRequest['kind'];
