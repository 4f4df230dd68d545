import {
  type CallContext,
  type Clock,
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
  type ModelSeed,
  ProviderClient,
} from '@headrace/wire/provider';
import { CompatibleCall } from './compatible-call.js';
import { errorFromAnswer } from './compatible-errors.js';
import type { CompatibleOptions } from './compatible-options.js';
import { CompatibleSettings } from './compatible-settings.js';
import { shippedFile } from './shipped-data.js';

const seeds = new Map<string, () => ModelSeed>();

const seedOf = (file: string): (() => ModelSeed) => {
  const seed = seeds.get(file) ?? lazySeed(shippedFile(file));
  seeds.set(file, seed);
  return seed;
};

const MOST_BYTES = 16 * 1024 * 1024;

/** An OpenAI-style API over HTTP, one attempt per call; the clocks belong to a gateway. */
export class CompatibleClient extends ProviderClient<CompatibleSettings, FoundKey> {
  readonly catalogue: LayeredCatalogue;
  readonly kinds: readonly RequestKind[];

  /**
   * Opens nothing before the first call.
   * @param options as for `openaiCompatible(…)`.
   * @param clock default: the machine's own time.
   * @throws ConfigurationError
   */
  constructor(options: CompatibleOptions | CompatibleSettings = {}, clock: Clock = systemClock) {
    const settings = options instanceof CompatibleSettings ? options : new CompatibleSettings(options);
    const { id, apiKey, apiKeys, env, keyVariable, preset } = settings;
    const variables = keyVariable === undefined ? [] : [keyVariable];
    const keys = new KeyFinder({ id, title: preset.title, apiKey, apiKeys, variables, env, clock });
    super({ settings, keys, clock });
    this.kinds = ['completion', ...(preset.kinds ?? [])];
    const { models: file, maker = '' } = preset;
    const fetch = (signal: AbortSignal): Promise<readonly LiveModel[]> => this.#fetchModels(signal);
    this.catalogue = new LayeredCatalogue({
      provider: id,
      maker,
      hostModels: settings.models,
      clock,
      // What is shipped may be older than a model: OpenAI has a list to tell, others often none.
      isOpen: file === undefined,
      ...(file === undefined ? {} : { seed: seedOf(file) }),
      // The older API of Azure lists what could be deployed, not what is.
      ...(settings.apiVersion === undefined ? { refresh: { ...settings.refresh, fetch } } : {}),
    });
  }

  protected override callOf(request: ModelRequest, context: CallContext): CompatibleCall {
    return new CompatibleCall(request, this.terms, context);
  }

  protected override errorOf(answer: HttpAnswer, body: string, key: FoundKey): GatewayError {
    const { settings, clock } = this.terms;
    const { origin, preset } = settings;
    return errorFromAnswer(answer, body, { title: preset.title, origin, key, epochMs: clock.epochMs() });
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly LiveModel[]> {
    const key = await this.terms.keys.find();
    const json = await this.ask({ path: '/models', key, signal, maxBodyBytes: MOST_BYTES });
    const { parseLiveModels } = await import('./live-models.js');
    return parseLiveModels(json);
  }
}
