import {
  type CallContext,
  type Clock,
  type EventBatch,
  InvalidRequestError,
  type ModelInfo,
  type ModelRequest,
  standaloneContext,
  systemClock,
} from '@headrace/core/plugin';
import { HttpSession, httpCall, httpJson } from '@headrace/wire';
import { KeyFinder, type LiveModel, MakerCatalogue, type MakerSeed, readMakerSeed } from '@headrace/wire/provider';
import { GoogleCall } from './google-call.js';
import { errorFromAnswer } from './google-errors.js';
import type { GoogleOptions } from './google-options.js';
import { GoogleSettings } from './google-settings.js';
import { shippedFile } from './shipped-data.js';

let shipped: MakerSeed | undefined;

const seed = (): MakerSeed => {
  shipped ??= readMakerSeed(shippedFile('google-models.json'));
  return shipped;
};

/** In the order in which Google's own clients look (https://ai.google.dev/gemini-api/docs/api-key). */
const VARIABLES = ['GOOGLE_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'] as const;

/** Pages of the list that are read at most. */
const MOST_PAGES = 20;
const PAGE_SIZE = 1_000;
const MOST_BYTES = 8 * 1024 * 1024;

/** The Gemini API over HTTP, one attempt per call; the clocks belong to a gateway. */
export class GoogleClient {
  /** What is known of the models, without asking. */
  readonly catalogue: MakerCatalogue;
  readonly #settings: GoogleSettings;
  readonly #clock: Clock;
  readonly #keys: KeyFinder;
  #session: HttpSession | undefined;
  #closed = false;

  /**
   * Opens nothing before the first call.
   * @param options as for `google(…)`.
   * @throws ConfigurationError
   */
  constructor(options: GoogleOptions | GoogleSettings = {}, clock: Clock = systemClock) {
    const settings = options instanceof GoogleSettings ? options : new GoogleSettings(options);
    this.#settings = settings;
    this.#clock = clock;
    this.#keys = new KeyFinder({
      provider: settings.id,
      title: 'Google Gemini',
      apiKey: settings.apiKey,
      apiKeys: settings.apiKeys,
      variables: VARIABLES,
      env: () => settings.env,
      clock,
    });
    const fetch = (signal: AbortSignal): Promise<readonly LiveModel[]> => this.#fetchModels(signal);
    this.catalogue = new MakerCatalogue({
      provider: settings.id,
      maker: 'google',
      seed,
      hostModels: settings.models,
      clock,
      refresh: { ...settings.refresh, fetch },
    });
  }

  /** The provider's name in model references. */
  get id(): string {
    return this.#settings.id;
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
    if (request.kind !== 'completion')
      throw new InvalidRequestError([{ field: 'kind', message: `"${request.kind}" is not done by this provider.` }]);
    const info = this.catalogue.find(request.model);
    const call = new GoogleCall(
      request,
      { settings: this.#settings, keys: this.#keys, clock: this.#clock, info },
      context,
    );
    return httpCall(this.session, () => call.request(), context, call);
  }

  /** Asks Google for its models; the answer refreshes `catalogue`. @throws GatewayError, `signal.reason` untouched */
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
    const { parseLiveModels } = await import('./live-models.js');
    const all: LiveModel[] = [];
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { models, next } = parseLiveModels(await this.#page(token, signal));
      all.push(...models);
      if (next === undefined) break;
      token = next;
    }
    return all;
  }

  async #page(token: string | undefined, signal: AbortSignal): Promise<unknown> {
    const { origin, prefix, headers } = this.#settings;
    const credential = await this.#keys.find();
    const context = standaloneContext({ signal, clock: this.#clock });
    const key = credential.token?.reveal() ?? '';
    try {
      const { json } = await httpJson(
        this.session,
        {
          method: 'GET',
          path: `${prefix}/models?pageSize=${PAGE_SIZE}${token === undefined ? '' : `&pageToken=${encodeURIComponent(token)}`}`,
          maxBodyBytes: MOST_BYTES,
          headers: { ...headers, accept: 'application/json', 'accept-encoding': 'gzip, br', 'x-goog-api-key': key },
        },
        context,
        (answer, body) => {
          const error = errorFromAnswer(answer, body, {
            origin,
            key,
            keyName: credential.called ?? 'a call without a key',
            epochMs: this.#clock.epochMs(),
          });
          credential.judge?.(error, context);
          return error;
        },
      );
      credential.judge?.(undefined, context);
      return json;
    } finally {
      context.release();
    }
  }
}
