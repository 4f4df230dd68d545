import http from 'node:http';
import https from 'node:https';
import {
  type CallContext,
  CLOCK,
  CONTRACT_VERSION,
  type EventBatch,
  type ModelInfo,
  type ModelRequest,
  PROVIDER,
  type Provider,
  type ProviderModule,
  systemClock,
} from '@headrace/core/plugin';
import type { ProviderTarget } from '../conformance-spec.js';
import { ChatDecoder } from './chat-decoder.js';
import type { Defect, Progress, Sent } from './defect.js';
import { Inbox } from './inbox.js';
import { post, type Running } from './reference-post.js';
import { ResultDecoder } from './result-decoder.js';

const PATHS = { completion: 'chat/completions', embedding: 'embeddings', reranking: 'rerank', image: 'images' } as const;

const bodyOf = (request: ModelRequest): object => {
  const { kind, delivery, ...asked } = request;
  return kind === 'completion' ? { ...asked, stream: delivery === 'stream' } : asked;
};

/** A plain provider for OpenAI chat on node:http that keeps the contract, but for the defect it is given. */
export class ReferenceProvider implements Provider {
  readonly kinds: Provider['kinds'] = ['completion', 'embedding', 'reranking', 'image'];
  readonly #agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent() };
  readonly #target: ProviderTarget;
  readonly #defect: Defect;

  constructor(target: ProviderTarget, defect: Defect = {}) {
    this.#target = target;
    this.#defect = defect;
  }

  get id(): string {
    return this.#defect.id ?? 'reference';
  }

  listModels(): Promise<readonly ModelInfo[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    if (this.#defect.leavesOpen?.() !== true) this.#agents.http.destroy();
    this.#agents.https.destroy();
    return Promise.resolve();
  }

  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    return this.#attempt(request, context);
  }

  async *#attempt(request: ModelRequest, context: CallContext): AsyncGenerator<EventBatch> {
    if (context.cancelled) throw context.cancelReason;
    const running = this.#start(request, context);
    const { inbox, progress, decoder } = running;
    const sent = this.#send(running);
    const leave = (): void => {
      if (!decoder.ended && this.#defect.keeps?.(progress) !== true) sent.destroy();
    };
    const stopListening = context.onCancel((reason) => {
      inbox.drop();
      inbox.fail(reason);
      leave();
    });
    try {
      yield* this.#read(inbox, progress);
    } catch (error) {
      const { failed } = this.#defect;
      throw failed === undefined || context.cancelled ? error : failed(error, progress);
    } finally {
      stopListening();
      leave();
    }
  }

  #start(request: ModelRequest, context: CallContext): Running {
    const isWhole = request.delivery === 'whole';
    return {
      decoder:
        request.kind === 'completion'
          ? new ChatDecoder(isWhole, () => this.#defect.checksTools?.(isWhole) !== false, (json) => this.#defect.merges?.(json) === true)
          : new ResultDecoder(request),
      inbox: new Inbox(),
      progress: {
        request,
        context,
        isTelling: false,
        isSent: false,
        hasHeaders: false,
        isPaused: false,
        hasBytes: false,
        hasEvents: false,
        text: '',
      },
    };
  }

  async *#read(inbox: Inbox, progress: { -readonly [Name in keyof Progress]: Progress[Name] }): AsyncGenerator<EventBatch> {
    for (let batch = await inbox.take(); batch !== undefined; batch = await inbox.take()) {
      progress.hasEvents = true;
      for (const event of batch.events) if (event.type === 'text-delta') progress.text += event.text;
      yield batch;
    }
  }

  #send(running: Running): http.ClientRequest {
    const { baseUrl, apiKey } = this.#target;
    const { request, context } = running.progress;
    const plain: Sent = {
      path: `/${PATHS[request.kind]}`,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'accept-encoding': 'gzip',
      },
      body: JSON.stringify(bodyOf(request)),
    };
    const sent = this.#defect.sent?.(plain, request, context) ?? plain;
    return post(new URL(`${baseUrl}${sent.path}`), sent, running, this.#agents, this.#defect);
  }
}

/** The module of the reference provider. */
export const referenceModule = (
  target: ProviderTarget,
  defect: Defect = {},
  Base: typeof ReferenceProvider = ReferenceProvider,
): ProviderModule => ({
  name: defect.id ?? 'reference',
  contractVersion: CONTRACT_VERSION,
  register(scope) {
    class Registered extends Base {
      constructor() {
        super(target, defect);
      }
    }
    scope.own.register(CLOCK, { useValue: systemClock });
    scope.provide(PROVIDER, Registered);
  },
});
