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
import { GoogleClient } from './google-client.js';
import { type GoogleOptions, googleOptionsSchema } from './google-options.js';
import { GoogleSettings } from './google-settings.js';

/** The one client that provider and model source of a registration share, made when the first of them has a clock. */
export class SharedClient {
  #client: GoogleClient | undefined;
  readonly #settings: GoogleSettings;

  constructor(settings: GoogleSettings) {
    this.#settings = settings;
  }

  with(clock: Clock): GoogleClient {
    this.#client ??= new GoogleClient(this.#settings, clock);
    return this.#client;
  }
}

/** Token of the plugin's own container. */
const SHARED_CLIENT = Symbol('SharedClient');

/** Google Gemini as a provider: one attempt per call, on top of `GoogleClient`. */
@injectable()
export class GoogleProvider implements Provider {
  readonly id: string;
  readonly kinds: readonly RequestKind[] = ['completion'];
  readonly keys: readonly string[];
  private readonly client: GoogleClient;

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

/** Facts about the models of one registration: shipped list, Google's own and the host's word. */
@injectable()
class GoogleModels implements ModelSource {
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
 * Google Gemini for `createGateway({ providers: [google()] })`. Two of them, with different ids, share nothing.
 *
 * A call may carry `providerOptions.<id>`: see `GoogleCallOptions`.
 * @throws ConfigurationError naming every wrong option.
 */
export const google = (options: GoogleOptions = {}): ProviderModule => {
  const settings = new GoogleSettings(options);
  return {
    name: settings.id,
    contractVersion: CONTRACT_VERSION,
    register(scope) {
      scope.own.register(SHARED_CLIENT, { useValue: new SharedClient(settings) });
      scope.provide(PROVIDER, GoogleProvider);
      scope.provide(MODEL_SOURCE, GoogleModels);
    },
  };
};

/** Google Gemini for files of configuration, which name this package. */
export const plugin: ProviderPlugin<GoogleOptions> = {
  contractVersion: CONTRACT_VERSION,
  optionsSchema: googleOptionsSchema,
  create: google,
};
