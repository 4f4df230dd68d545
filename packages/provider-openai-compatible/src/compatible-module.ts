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
  type ProviderPlugin,
  type RequestKind,
} from '@headrace/core/plugin';
import { CompatibleClient } from './compatible-client.js';
import { type CompatibleOptions, compatibleOptionsSchema } from './compatible-options.js';
import { CompatibleSettings } from './compatible-settings.js';

/** The one client that provider and model source of a registration share, made when the first of them has a clock. */
export class SharedClient {
  #client: CompatibleClient | undefined;
  readonly #settings: CompatibleSettings;

  constructor(settings: CompatibleSettings) {
    this.#settings = settings;
  }

  with(clock: Clock): CompatibleClient {
    this.#client ??= new CompatibleClient(this.#settings, clock);
    return this.#client;
  }
}

/** Token of the plugin's own container. */
const SHARED_CLIENT = Symbol('SharedClient');

/** An OpenAI-style endpoint as a provider: one attempt per call, on top of `CompatibleClient`. */
@injectable()
export class CompatibleProvider implements Provider {
  readonly id: string;
  readonly kinds: readonly RequestKind[];
  readonly keys: readonly string[];
  private readonly client: CompatibleClient;

  constructor(@inject(SHARED_CLIENT) shared: SharedClient, @inject(CLOCK) clock: Clock) {
    this.client = shared.with(clock);
    this.id = this.client.id;
    this.kinds = this.client.kinds;
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

/** Facts about the models of one registration: shipped list, the upstream's own and the host's word. */
@injectable()
class CompatibleModels implements ModelSource {
  private readonly catalogue: ModelSource;

  constructor(@inject(SHARED_CLIENT) shared: SharedClient, @inject(CLOCK) clock: Clock) {
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

/**
 * An endpoint that speaks as OpenAI does, for `createGateway({ providers: [openaiCompatible({ preset: 'groq' })] })`.
 * Several of them, with different ids, share nothing.
 *
 * A call may carry `providerOptions.<id>`: members of the body in the endpoint's own words.
 * @throws ConfigurationError naming every wrong option.
 */
export const openaiCompatible = (options: CompatibleOptions = {}): ProviderModule => {
  const settings = new CompatibleSettings(options);
  return {
    name: settings.id,
    contractVersion: CONTRACT_VERSION,
    register(scope) {
      scope.own.register(SHARED_CLIENT, { useValue: new SharedClient(settings) });
      scope.provide(PROVIDER, CompatibleProvider);
      scope.provide(MODEL_SOURCE, CompatibleModels);
    },
  };
};

/** OpenAI-style endpoints for files of configuration, which name this package. */
export const plugin: ProviderPlugin<CompatibleOptions> = {
  contractVersion: CONTRACT_VERSION,
  optionsSchema: compatibleOptionsSchema,
  create: openaiCompatible,
};
