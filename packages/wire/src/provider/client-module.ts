import {
  type CallContext,
  CLOCK,
  type Clock,
  CONTRACT_VERSION,
  type EventBatch,
  inject,
  injectable,
  MODEL_SOURCE,
  type ModelInfo,
  type ModelRequest,
  type ModelSource,
  PROVIDER,
  type Provider,
  type ProviderModule,
  type RequestKind,
} from '@headrace/core/plugin';

/** A provider as a client of its upstream, with what is known of its models; `ProviderClient` is one. */
export interface CataloguedClient extends Provider {
  readonly keys: readonly string[];
  readonly origin: string;
  readonly catalogue: ModelSource;
  close(): Promise<void>;
}

/** The one client that provider and model source of a registration share, made when the first of them has a clock. */
export class SharedClient<Client> {
  readonly #make: (clock: Clock) => Client;
  #client: Client | undefined;

  constructor(make: (clock: Clock) => Client) {
    this.#make = make;
  }

  with(clock: Clock): Client {
    this.#client ??= this.#make(clock);
    return this.#client;
  }
}

/** Token of the plugin's own container. */
const SHARED_CLIENT = Symbol('SharedClient');

/** A client as a provider: one attempt per call. */
@injectable()
export class ClientProvider implements Provider {
  readonly id: string;
  readonly kinds: readonly RequestKind[];
  readonly keys: readonly string[];
  readonly origin: string;
  // Not `#`: the bundler turns those of a decorated class into a WeakMap, which every call would pay for.
  private readonly client: CataloguedClient;

  constructor(@inject(SHARED_CLIENT) shared: SharedClient<CataloguedClient>, @inject(CLOCK) clock: Clock) {
    this.client = shared.with(clock);
    this.id = this.client.id;
    this.kinds = this.client.kinds;
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

/** Facts about the models of one registration: the shipped list, the upstream's own and the host's word. */
@injectable()
export class ClientModels implements ModelSource {
  private readonly catalogue: ModelSource;

  constructor(@inject(SHARED_CLIENT) shared: SharedClient<CataloguedClient>, @inject(CLOCK) clock: Clock) {
    this.catalogue = shared.with(clock).catalogue;
  }

  get provider(): string {
    return this.catalogue.provider;
  }

  find(modelId: string): ModelInfo | undefined {
    return this.catalogue.find(modelId);
  }

  list(): readonly ModelInfo[] {
    return this.catalogue.list();
  }

  lookUp(modelId: string, signal: AbortSignal): Promise<ModelInfo | undefined> {
    return this.catalogue.lookUp(modelId, signal);
  }

  explain(modelId: string): string | undefined {
    return this.catalogue.explain?.(modelId);
  }
}

/** What a provider's factory returns: one client, as a provider and as a source of facts. @param make is called once */
export const clientModule = (id: string, make: (clock: Clock) => CataloguedClient): ProviderModule => ({
  name: id,
  contractVersion: CONTRACT_VERSION,
  register(scope) {
    scope.own.register(SHARED_CLIENT, { useValue: new SharedClient(make) });
    scope.provide(PROVIDER, ClientProvider);
    scope.provide(MODEL_SOURCE, ClientModels);
  },
});
