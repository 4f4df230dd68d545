import {
  type CallContext,
  CLOCK,
  type Clock,
  type EventBatch,
  inject,
  injectable,
  type ModelInfo,
  type ModelRequest,
  type Provider,
  type RequestKind,
} from '@headrace/core/plugin';
import type { AnthropicClient } from './anthropic-client.js';
import { SHARED_CLIENT, type SharedClient } from './shared-client.js';

/** The Anthropic API as a provider: one attempt per call, on top of `AnthropicClient`. */
@injectable()
export class AnthropicProvider implements Provider {
  readonly id: string;
  readonly kinds: readonly RequestKind[] = ['completion'];
  readonly keys: readonly string[];
  // Not `#`: the bundler turns those of a decorated class into a WeakMap, which every call would pay for.
  private readonly client: AnthropicClient;

  constructor(@inject(SHARED_CLIENT) shared: SharedClient, @inject(CLOCK) clock: Clock) {
    this.client = shared.with(clock);
    this.id = this.client.id;
    this.keys = this.client.keys;
  }

  listModels(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.client.listModels(signal);
  }

  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    return this.client.call(request, context);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
