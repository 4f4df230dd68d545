import {
  type CallContext,
  type Clock,
  type CompletionRequest,
  type GatewayError,
  type ModelRequest,
  type RequestKind,
  systemClock,
} from '@headrace/core/plugin';
import type { HttpAnswer } from '@headrace/wire';
import {
  type FoundKey,
  KeyFinder,
  LayeredCatalogue,
  type LiveModel,
  lazySeed,
  ProviderClient,
} from '@headrace/wire/provider';
import { GoogleCall } from './google-call.js';
import { errorFromAnswer } from './google-errors.js';
import type { GoogleOptions } from './google-options.js';
import { GoogleSettings } from './google-settings.js';
import { shippedFile } from './shipped-data.js';

const seed = lazySeed(shippedFile('google-models.json'));

/** In the order in which Google's own clients look (https://ai.google.dev/gemini-api/docs/api-key). */
const VARIABLES = ['GOOGLE_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'] as const;

/** Pages of the list that are read at most. */
const MOST_PAGES = 20;
const PAGE_SIZE = 1_000;

/** The Gemini API over HTTP, one attempt per call; the clocks belong to a gateway. */
export class GoogleClient extends ProviderClient<GoogleSettings, FoundKey> {
  readonly catalogue: LayeredCatalogue;
  readonly kinds: readonly RequestKind[] = ['completion'];

  /**
   * Opens nothing before the first call.
   * @param options as for `google(…)`.
   * @param clock default: the machine's own time.
   * @throws ConfigurationError
   */
  constructor(options: GoogleOptions | GoogleSettings = {}, clock: Clock = systemClock) {
    const settings = options instanceof GoogleSettings ? options : new GoogleSettings(options);
    const { id, apiKey, apiKeys, env } = settings;
    const keys = new KeyFinder({ id, title: 'Google Gemini', apiKey, apiKeys, variables: VARIABLES, env, clock });
    super({ settings, keys, clock });
    const fetch = (signal: AbortSignal): Promise<readonly LiveModel[]> => this.#fetchModels(signal);
    this.catalogue = new LayeredCatalogue({
      provider: id,
      maker: 'google',
      seed,
      hostModels: settings.models,
      clock,
      refresh: { ...settings.refresh, fetch },
    });
  }

  protected override callOf(request: ModelRequest, context: CallContext): GoogleCall {
    return new GoogleCall(request as CompletionRequest, this.terms, context, this.catalogue.find(request.model));
  }

  protected override errorOf(answer: HttpAnswer, body: string, key: FoundKey): GatewayError {
    const { settings, clock } = this.terms;
    return errorFromAnswer(answer, body, { origin: settings.origin, key, epochMs: clock.epochMs() });
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly LiveModel[]> {
    const { parseLiveModels } = await import('./live-models.js');
    const all: LiveModel[] = [];
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const from = token === undefined ? '' : `&pageToken=${encodeURIComponent(token)}`;
      const key = await this.terms.keys.find();
      const json = await this.ask({ path: `/models?pageSize=${PAGE_SIZE}${from}`, key, signal });
      const { models, next } = parseLiveModels(json);
      all.push(...models);
      if (next === undefined) break;
      token = next;
    }
    return all;
  }
}
