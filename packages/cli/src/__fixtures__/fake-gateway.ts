import type {
  Completion,
  CompletionOptions,
  CompletionStream,
  ExplainOptions,
  Explanation,
  Gateway,
  GatewayProvider,
  ModelInfo,
  ModelsOptions,
  Receipt,
  StreamEvent,
} from '@headrace/core';
import type { Connect, ConnectOptions } from '../connect.js';

type Options = CompletionOptions<unknown>;

export const aReceipt = (over: Partial<Receipt> = {}): Receipt => ({
  id: 'call_0123456789abcdefghijkl',
  reference: 'vercel:openai/gpt-6-luna',
  startedAt: '2026-11-23T08:00:00.000Z',
  durationMs: 1_300,
  firstContentMs: 420,
  outcome: 'complete',
  complete: true,
  attempts: [
    {
      provider: 'vercel',
      model: 'openai/gpt-6-luna',
      startedAfterMs: 0,
      durationMs: 1_300,
      waitedMs: 0,
      sent: true,
      outcome: 'complete',
    },
  ],
  servedBy: { provider: 'vercel', model: 'openai/gpt-6-luna', responseId: 'gen_1' },
  finishReason: 'stop',
  rawFinishReason: 'stop',
  usage: {
    certainty: 'exact',
    input: { total: 21, uncached: 21, cacheRead: 0, cacheWrite: 0 },
    output: { total: 35, text: 23, reasoning: 12, image: 0 },
    totalTokens: 56,
  },
  cost: { usd: 0.000113, certainty: 'exact', source: 'provider' },
  warnings: [],
  ...over,
});

export const aModel = (over: Partial<ModelInfo> = {}): ModelInfo => ({
  id: 'openai/gpt-6-luna',
  provider: 'vercel',
  type: 'language',
  creator: 'openai',
  releaseDate: '2026-10-01',
  contextWindow: 400_000,
  maxOutputTokens: 128_000,
  modalities: { input: ['text', 'image'], output: ['text'] },
  capabilities: { reasoning: true, toolCall: true, structuredOutput: true, attachment: true, openWeights: false },
  pricing: { input: 0.25, output: 2, cacheRead: 0.025 },
  parameters: {},
  provenance: { origin: 'seed', asOf: '2026-11-23' },
  ...over,
});

export interface FakeScript {
  /** The events of a stream; may wait, and may throw. */
  readonly events?: (options: Options) => AsyncIterable<StreamEvent> | Iterable<StreamEvent>;
  readonly complete?: (options: Options) => Promise<Partial<Completion<unknown>>>;
  readonly explain?: (options: ExplainOptions) => Promise<Explanation>;
  readonly models?: (options: ModelsOptions) => Promise<readonly ModelInfo[]>;
  readonly receipt?: Receipt;
}

/** A gateway that plays a script and remembers what it was asked. */
export class FakeGateway implements Gateway {
  readonly requests: Options[] = [];
  readonly modelQueries: ModelsOptions[] = [];
  readonly explained: ExplainOptions[] = [];
  disposed = false;
  /** Streams whose reader has let go of them. */
  released = 0;

  constructor(private readonly script: FakeScript) {}

  stream<T = undefined>(options: CompletionOptions<T>): CompletionStream<T> {
    this.requests.push(options);
    const source = this.script.events?.(options) ?? [];
    const { receipt = aReceipt() } = this.script;
    const release = (): void => void (this.released += 1);
    async function* read(): AsyncGenerator<StreamEvent> {
      try {
        yield* source;
      } finally {
        release();
      }
    }
    async function* text(): AsyncGenerator<string> {
      for await (const event of read()) if (event.type === 'text-delta') yield event.text;
    }
    return {
      [Symbol.asyncIterator]: read,
      text,
      final: () => Promise.reject(new Error('not scripted')),
      receipt: Promise.resolve(receipt),
    };
  }

  limits(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  embed(): Promise<never> {
    return Promise.reject(new Error('not scripted'));
  }

  rerank(): Promise<never> {
    return Promise.reject(new Error('not scripted'));
  }

  generateImage(): Promise<never> {
    return Promise.reject(new Error('not scripted'));
  }

  explain(options: ExplainOptions): Promise<Explanation> {
    this.explained.push(options);
    return this.script.explain?.(options) ?? Promise.reject(new Error('not scripted'));
  }

  async complete<T = undefined>(options: CompletionOptions<T>): Promise<Completion<T>> {
    this.requests.push(options);
    const { receipt = aReceipt() } = this.script;
    const { usage, cost } = receipt;
    const scripted = await this.script.complete?.(options);
    return {
      text: 'Hello.',
      reasoning: '',
      toolCalls: [],
      files: [],
      citations: [],
      message: { role: 'assistant', content: 'Hello.' },
      output: undefined,
      finishReason: 'stop',
      rawFinishReason: 'stop',
      usage,
      cost,
      responseId: 'gen_1',
      provider: 'vercel',
      model: 'openai/gpt-6-luna',
      warnings: [],
      providerMetadata: undefined,
      receipt,
      ...scripted,
    } as Completion<T>;
  }

  provider(): GatewayProvider {
    throw new Error('not scripted');
  }

  models(options: ModelsOptions = {}): Promise<readonly ModelInfo[]> {
    this.modelQueries.push(options);
    return this.script.models?.(options) ?? Promise.resolve([aModel()]);
  }

  dispose(): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

export interface FakeUpstream {
  readonly gateway: FakeGateway;
  readonly connect: Connect;
  readonly connections: readonly ConnectOptions[];
}

export const fakeUpstream = (script: FakeScript = {}): FakeUpstream => {
  const gateway = new FakeGateway(script);
  const connections: ConnectOptions[] = [];
  const connect: Connect = async (options) => {
    connections.push(options);
    return { gateway, close: () => gateway.dispose() };
  };
  return { gateway, connect, connections };
};

export const text = (...pieces: string[]): StreamEvent[] => pieces.map((piece) => ({ type: 'text-delta', text: piece }));
export const END: StreamEvent = { type: 'response-end', reason: 'stop', rawReason: 'stop' };
