import type { CallContext } from './call-context.js';
import type { ModelInfo } from './model-info.js';
import type { ModelRequest, RequestKind } from './request.js';
import type { EventBatch } from './stream-event.js';

/** One upstream, one attempt. Retries, clocks, receipts and fail-over are the pipeline's, the same for every provider. */
export interface Provider {
  /** Lower-case kebab, unique in one gateway: the prefix in a model reference such as `vercel:openai/gpt-6-luna`. */
  readonly id: string;
  readonly kinds: readonly RequestKind[];
  /**
   * Names of its keys where it has several, distinct and fit for receipts; never the keys themselves. They take turns, and
   * one that is refused rests while another takes over: `CallContext.key` names the one to use. Always the same.
   */
  readonly keys?: readonly string[];
  /**
   * Where it connects, as a URL has it: scheme, host, and the port unless it is that of the scheme. For receipts and traces.
   * Absent: not known, or not one.
   */
  readonly origin?: string | undefined;
  /** Models these credentials may use. May call upstream. @throws GatewayError */
  listModels(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /**
   * Exactly ONE upstream attempt, started on first iteration. Ends with one `response-end`, or throws a
   * GatewayError, or throws `context.cancelReason` untouched. Leaving the loop early closes the connection.
   */
  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch>;
  /** Closes only what this provider opened, within 5 s. Idempotent. Named `close` so that the container does not call it too. */
  close?(): Promise<void>;
}

/** What is known of a provider's models without asking upstream on the hot path. */
export interface ModelSource {
  /** Id of the provider whose models these are. */
  readonly provider: string;
  /** Synchronous: what is known now. Follows aliases. */
  find(modelId: string): ModelInfo | undefined;
  /** All that is known now. */
  list(): readonly ModelInfo[];
  /** Looks once more where news may be had, for an id that `find` does not know. */
  lookUp(modelId: string, signal: AbortSignal): Promise<ModelInfo | undefined>;
  /** A sentence about an id that is gone or renamed, for error messages. */
  explain?(modelId: string): string | undefined;
}
