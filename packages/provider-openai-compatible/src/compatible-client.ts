import {
  type CallContext,
  type Clock,
  type EventBatch,
  InvalidRequestError,
  type ModelInfo,
  type ModelRequest,
  type RequestKind,
  standaloneContext,
  systemClock,
} from '@headrace/core/plugin';
import { HttpSession, httpCall, httpJson } from '@headrace/wire';
import { KeyFinder, type LiveModel, MakerCatalogue, type MakerSeed, readMakerSeed } from '@headrace/wire/provider';
import { CompatibleCall, keyHeader } from './compatible-call.js';
import { errorFromAnswer } from './compatible-errors.js';
import type { CompatibleOptions } from './compatible-options.js';
import { CompatibleSettings } from './compatible-settings.js';
import { shippedFile } from './shipped-data.js';

const seeds = new Map<string, MakerSeed>();

const seedOf = (file: string): MakerSeed => {
  const seed = seeds.get(file) ?? readMakerSeed(shippedFile(file));
  seeds.set(file, seed);
  return seed;
};

const MOST_BYTES = 16 * 1024 * 1024;

/** An OpenAI-style API over HTTP, one attempt per call; the clocks belong to a gateway. */
export class CompatibleClient {
  /** What is known of the models, without asking. */
  readonly catalogue: MakerCatalogue;
  readonly #settings: CompatibleSettings;
  readonly #clock: Clock;
  readonly #keys: KeyFinder;
  #session: HttpSession | undefined;
  #closed = false;

  /**
   * Opens nothing before the first call.
   * @param options as for `openaiCompatible(…)`.
   * @throws ConfigurationError
   */
  constructor(options: CompatibleOptions | CompatibleSettings = {}, clock: Clock = systemClock) {
    const settings = options instanceof CompatibleSettings ? options : new CompatibleSettings(options);
    this.#settings = settings;
    this.#clock = clock;
    this.#keys = new KeyFinder({
      provider: settings.id,
      title: settings.preset.title,
      apiKey: settings.apiKey,
      apiKeys: settings.apiKeys,
      variables: settings.keyVariable === undefined ? [] : [settings.keyVariable],
      env: () => settings.env,
      clock,
    });
    const { models: file, maker = '' } = settings.preset;
    const fetch = (signal: AbortSignal): Promise<readonly LiveModel[]> => this.#fetchModels(signal);
    this.catalogue = new MakerCatalogue({
      provider: settings.id,
      maker,
      hostModels: settings.models,
      clock,
      // What is shipped may be older than a model: OpenAI has a list to tell, others often none.
      isOpen: file === undefined,
      ...(file === undefined ? {} : { seed: () => seedOf(file) }),
      // The older API of Azure lists what could be deployed, not what is.
      ...(settings.apiVersion === undefined ? { refresh: { ...settings.refresh, fetch } } : {}),
    });
  }

  /** The provider's name in model references. */
  get id(): string {
    return this.#settings.id;
  }

  get kinds(): readonly RequestKind[] {
    return this.#settings.preset.embeds === true ? ['completion', 'embedding'] : ['completion'];
  }

  /** Names of its keys where it was given several, in the order in which they take turns. */
  get keys(): readonly string[] {
    return this.#settings.apiKeys.map(({ name }) => name);
  }

  /** The kept connections to the one origin that gets the key. */
  get session(): HttpSession {
    if (this.#session === undefined) {
      const { origin, connection } = this.#settings;
      this.#session = new HttpSession({ ...connection, origin });
      // A call after `close()` fails as one on a closed session does.
      if (this.#closed) void this.#session.close();
    }
    return this.#session;
  }

  /** One attempt at one request; see `Provider.call`. */
  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    if (request.kind !== 'completion' && request.kind !== 'embedding')
      throw new InvalidRequestError([{ field: 'kind', message: `"${request.kind}" is not done by this provider.` }]);
    const terms = { settings: this.#settings, keys: this.#keys, clock: this.#clock };
    const call = new CompatibleCall(request, terms, context);
    return httpCall(this.session, () => call.request(), context, call);
  }

  /** Asks upstream for its models; the answer refreshes `catalogue`. @throws GatewayError, `signal.reason` untouched */
  async listModels(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    await this.catalogue.refresh(signal);
    return this.catalogue.listLive();
  }

  /** Closes the connections and stops a refresh under way. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.catalogue.close();
    await this.#session?.close();
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly LiveModel[]> {
    const settings = this.#settings;
    const credential = await this.#keys.find();
    const context = standaloneContext({ signal, clock: this.#clock });
    try {
      const { json } = await httpJson(
        this.session,
        {
          method: 'GET',
          path: `${settings.prefix}/models`,
          maxBodyBytes: MOST_BYTES,
          headers: {
            ...settings.headers,
            accept: 'application/json',
            'accept-encoding': 'gzip, br',
            ...keyHeader(settings, credential),
          },
        },
        context,
        (answer, body) => {
          const error = errorFromAnswer(answer, body, {
            title: settings.preset.title,
            origin: settings.origin,
            key: credential.token?.reveal(),
            keyName: credential.called,
            epochMs: this.#clock.epochMs(),
          });
          credential.judge?.(error, context);
          return error;
        },
      );
      credential.judge?.(undefined, context);
      const { parseLiveModels } = await import('./live-models.js');
      return parseLiveModels(json);
    } finally {
      context.release();
    }
  }
}
