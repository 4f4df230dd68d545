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
import { SHARED_CLIENT, type SharedClient } from './shared-client.js';
import type { VercelClient } from './vercel-client.js';

/** Vercel AI Gateway as a provider: one attempt per call, on top of `VercelClient`. */
@injectable()
export class VercelProvider implements Provider {
  readonly id: string;
  readonly kinds: readonly RequestKind[] = ['completion', 'embedding', 'reranking', 'image'];
  readonly keys: readonly string[];
  readonly origin: string;
  // Not `#`: the bundler turns those of a decorated class into a WeakMap, which every call would pay for.
  private readonly client: VercelClient;

  constructor(@inject(SHARED_CLIENT) shared: SharedClient, @inject(CLOCK) clock: Clock) {
    this.client = shared.with(clock);
    this.id = this.client.id;
    this.keys = this.client.keys;
    this.origin = this.client.origin;
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
