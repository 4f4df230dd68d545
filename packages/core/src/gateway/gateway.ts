import type { JsonObject } from '../contract/json.js';
import type { ModelReference } from '../contract/known-models.js';
import type { LimitState } from '../contract/limit-state.js';
import type { Annotations, AssistantMessage, FilePart, Message } from '../contract/message.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { GenerationParameters } from '../contract/parameters.js';
import type { Delivery, RequestKind } from '../contract/request.js';
import type { CitationEvent, FinishReason, StreamEvent, ToolResultEvent } from '../contract/stream-event.js';
import type { ToolChoice } from '../contract/tool.js';
import type { Cost, TokenUsage } from '../contract/usage.js';
import type { Warning } from '../contract/warning.js';
import type { HedgeOptions } from '../hedging/hedge-options.js';
import type { Receipt } from '../pipeline/receipt.js';
import type { RecoveryMode } from '../pipeline/recovery/recovery-mode.js';
import type { OutputSchema } from '../schema/output-schema.js';
import type { CallOptions } from './call-options.js';
import type { Explanation } from './explain/explanation.js';
import type { GatewayOptions } from './gateway-options.js';
import type {
  EmbeddingAnswer,
  EmbedOptions,
  ImageAnswer,
  ImageOptions,
  RerankDocument,
  RerankingAnswer,
  RerankOptions,
} from './unary-options.js';

/** A tool as a host writes it. */
export interface Tool extends Annotations {
  /** 1–64 of `A–Z a–z 0–9 _ -`. */
  readonly name: string;
  readonly description?: string;
  /** The arguments: a zod object schema, or a JSON Schema whose root is an object. */
  readonly parameters: OutputSchema<unknown>;
  readonly strict?: boolean;
}

/** One completion as a host asks for it. Closed: an unknown field is refused, with the name that was probably meant. */
export interface CompletionOptions<T = undefined> extends GenerationParameters, CallOptions {
  /** `provider:model`; or a bare model when the gateway has a default provider. */
  readonly model: ModelReference<'completion'>;
  /** The conversation. Give this or `prompt`. */
  readonly messages?: readonly Message[];
  /** One user message. Give this or `messages`. */
  readonly prompt?: string;
  /** A system message before everything else. */
  readonly system?: string;
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** The form of the answer: a zod schema or a JSON Schema. `final().output` is then the validated value. */
  readonly output?: OutputSchema<T>;
  /** What the answer may hold. Default: text. */
  readonly outputModalities?: readonly ('text' | 'image')[];
  /** `complete` asks upstream for a whole answer, `stream` for a stream; this overrides either. */
  readonly delivery?: Delivery;
  /** What happens to a stream that is cut after text was delivered. Default: the route's, then the gateway's. */
  readonly recovery?: RecoveryMode;
  /**
   * A second attempt beside one that brings no content, for streams; what is left out is that of the route or the gateway.
   * Only where one of those is set up for it. Default: as they say.
   */
  readonly hedging?: boolean | HedgeOptions;
}

/** A tool call of a finished answer. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as the model wrote them: valid JSON. */
  readonly argumentsJson: string;
  /** The same, parsed. */
  readonly arguments: unknown;
}

/** A whole answer. It exists only when the upstream proved that the answer is whole. */
export interface Completion<T = undefined> {
  readonly text: string;
  readonly reasoning: string;
  /** Calls for the host to run. */
  readonly toolCalls: readonly ToolCall[];
  /** Outcomes of calls that the provider ran itself; those calls are not in `toolCalls`. */
  readonly toolResults: readonly ToolResultEvent[];
  readonly files: readonly FilePart[];
  readonly citations: readonly CitationEvent[];
  /** The answer as a message to append to the conversation, reasoning and tool calls included. */
  readonly message: AssistantMessage;
  /** The validated value, when `output` was asked for. */
  readonly output: T;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string;
  readonly usage: TokenUsage | undefined;
  readonly cost: Cost | undefined;
  readonly responseId: string;
  /** Provider and model that served. */
  readonly provider: string;
  readonly model: string;
  readonly warnings: readonly Warning[];
  readonly providerMetadata: JsonObject | undefined;
  readonly receipt: Receipt;
}

/**
 * An answer on its way. Nothing is sent before the first event, text or `final()` is asked for.
 * Leaving a loop early closes the upstream. One reader: take events or text, not both.
 */
export interface CompletionStream<T = undefined> extends AsyncIterable<StreamEvent> {
  /** Only the text, piece by piece. */
  text(): AsyncIterable<string>;
  /** The whole answer; reads what nobody has read yet. Rejects unless the answer is whole. */
  final(): Promise<Completion<T>>;
  /** Settles when the call has ended, however it ended, and never rejects. Pending while nobody reads. */
  readonly receipt: Promise<Receipt>;
}

/** What is to be explained: the options of the call itself, with its kind unless it is a completion. */
export type ExplainOptions =
  | (CompletionOptions<unknown> & { readonly kind?: 'completion' })
  | (EmbedOptions & { readonly kind: 'embedding' })
  | (RerankOptions & { readonly kind: 'reranking' })
  | (ImageOptions & { readonly kind: 'image' });

/** One provider of a gateway: the same pipeline with the provider fixed. */
export interface GatewayProvider {
  readonly id: string;
  readonly kinds: readonly RequestKind[];
  /** `model` is the provider's own id, without prefix. */
  stream<T = undefined>(options: CompletionOptions<T>): CompletionStream<T>;
  complete<T = undefined>(options: CompletionOptions<T>): Promise<Completion<T>>;
  embed(options: EmbedOptions): Promise<EmbeddingAnswer>;
  rerank<D extends RerankDocument>(options: RerankOptions<D>): Promise<RerankingAnswer<D>>;
  generateImage(options: ImageOptions): Promise<ImageAnswer>;
  explain(options: ExplainOptions): Promise<Explanation>;
  models(options?: ModelsOptions): Promise<readonly ModelInfo[]>;
}

export interface ModelsOptions {
  /** Only models whose id, name or type contains this text; case does not matter. */
  readonly filter?: string;
  /** Only this provider. */
  readonly provider?: string;
  /** Ask upstream now. Default false: what is known; providers without facts of their own are asked all the same. */
  readonly refresh?: boolean;
  readonly signal?: AbortSignal;
}

/** Whose limits are asked for. */
export interface LimitedCallOptions {
  readonly tenant?: string;
  /** A model reference or the name of a route, as calls give it. */
  readonly model?: string;
}

/** Every provider behind one contract. Two gateways in one process share nothing. */
export interface Gateway {
  /** Starts on first read. @throws GatewayError for input that is wrong; failures of the call reach the reader. */
  stream<T = undefined>(options: CompletionOptions<T>): CompletionStream<T>;
  /** The whole answer. @throws GatewayError, or `signal.reason` untouched. */
  complete<T = undefined>(options: CompletionOptions<T>): Promise<Completion<T>>;
  /** Vectors for texts, however many: one answer or one error for all. @throws GatewayError, or `signal.reason` untouched. */
  embed(options: EmbedOptions): Promise<EmbeddingAnswer>;
  /** Documents in order of what they have to do with a query. @throws GatewayError, or `signal.reason` untouched. */
  rerank<D extends RerankDocument>(options: RerankOptions<D>): Promise<RerankingAnswer<D>>;
  /** Images from words, or from words and other images. @throws GatewayError, or `signal.reason` untouched. */
  generateImage(options: ImageOptions): Promise<ImageAnswer>;
  /**
   * What would become of a call of any kind: ranked targets, those that cannot serve it and why, tokens and price by estimate.
   * Sends nothing, spends nothing and looks nothing up. @throws GatewayError for input that is wrong, as the call would
   */
  explain(options: ExplainOptions): Promise<Explanation>;
  /** @throws UnknownProviderError with the nearest known names. */
  provider(name: string): GatewayProvider;
  /**
   * What is known of models, or what the providers say now. One that does not say it within 30 s, or fails, keeps back nothing
   * of the others: a warning of the process tells it.
   * @throws GatewayError when every provider that was asked fails; `signal.reason` untouched
   */
  models(options?: ModelsOptions): Promise<readonly ModelInfo[]>;
  /** How the limits stand that such a call falls under, the gateway's own first. None without `limits`. */
  limits(call?: LimitedCallOptions): Promise<readonly LimitState[]>;
  /**
   * Ends what is under way with `gateway-disposed`, closes every provider. Idempotent. A provider that is not closed within
   * 5 s is not waited for any longer.
   * @throws AggregateError of the providers that failed to close, once all others are closed
   */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A gateway that can be set up anew while it serves. */
export interface ReloadableGateway extends Gateway {
  /**
   * Serves what begins from now on by these options; what has begun ends by those that it began with. The circuits of the
   * gate, what limits have counted and reserved, learned latencies, and answers of a cache whose options stay, are kept. A
   * provider whose module is the very same object stays open; one that no call uses any more is closed. Time and chance
   * (`clock`, `random`) stay those of the beginning.
   * @throws ConfigurationError, DuplicateProviderError when the options are wrong: then everything stays as it was
   */
  reload(options: GatewayOptions): void;
}
