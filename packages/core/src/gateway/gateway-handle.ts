import type { LimitState } from '../contract/limit-state.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { Delivery } from '../contract/request.js';
import { InvalidRequestError } from '../errors/caller-errors.js';
import { GatewayDisposedError } from '../errors/cancel-errors.js';
import { layered } from '../registry/layered-parameters.js';
import type { CallHost } from './call-lifecycle.js';
import { CompletionCall } from './completion-call.js';
import type { Explanation } from './explain/explanation.js';
import type {
  Completion,
  CompletionOptions,
  CompletionStream,
  ExplainOptions,
  GatewayProvider,
  LimitedCallOptions,
  ModelsOptions,
  ReloadableGateway,
} from './gateway.js';
import type { GatewayOptions } from './gateway-options.js';
import type { GatewayServices } from './gateway-services.js';
import { type PreparedCompletion, prepareCompletion } from './prepare-completion.js';
import type { ServingGeneration } from './serving-generation.js';
import type {
  EmbeddingAnswer,
  EmbedOptions,
  ImageAnswer,
  ImageOptions,
  RerankDocument,
  RerankingAnswer,
  RerankOptions,
} from './unary-options.js';

// Loaded by the first call that needs them: a process that only completes does not wait for their import.
const unaryCalls = () => import('./unary/unary-calls.js');
const explaining = () => Promise.all([import('./explain/explain.js'), import('./explain/prepare-explained.js')]);

const NO_HEDGING = 'cannot be asked for: this gateway is not set up for it.';
const SET_UP = "Give `hedging: { calls: 'asked' }` to `createGateway`.";

const matches = (model: ModelInfo, filter: string): boolean =>
  [model.id, model.name ?? '', model.type].some((text) => text.toLowerCase().includes(filter));

/** A provider of before would not close: nobody waits for it, so the process is told. */
const warnOfClose = (error: unknown): void => {
  const reason = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error);
  const message = `A provider that a gateway no longer has could not be closed: ${reason}`;
  process.emitWarning(message, { type: 'HeadraceWarning', code: 'HEADRACE_CLOSE_FAILED' });
};

/** The stable face of a gateway over its current generation. */
export class GatewayHandle implements ReloadableGateway {
  #disposing: Promise<void> | undefined;
  /** Those of before that calls are still under way in, and how they end. */
  readonly #retiring = new Map<ServingGeneration, Promise<void>>();

  constructor(
    private readonly services: GatewayServices,
    private current: ServingGeneration,
  ) {}

  /** What a call that begins now runs in. */
  get host(): CallHost {
    return this.current;
  }

  reload(options: GatewayOptions): void {
    this.#assertAlive();
    const before = this.current;
    this.current = this.services.serve(options);
    const retiring = before.retire().catch(warnOfClose);
    this.#retiring.set(before, retiring);
    void retiring.then(() => this.#retiring.delete(before));
  }

  stream<T = undefined>(options: CompletionOptions<T>): CompletionStream<T> {
    return this.#begin(options, 'stream');
  }

  // Wrong input rejects rather than throws: a caller of `complete` has one channel of failure.
  complete<T = undefined>(options: CompletionOptions<T>): Promise<Completion<T>> {
    try {
      return this.#begin(options, 'whole').final();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async embed(options: EmbedOptions): Promise<EmbeddingAnswer> {
    this.#assertAlive();
    return (await unaryCalls()).embed(this.host, options);
  }

  async rerank<D extends RerankDocument>(options: RerankOptions<D>): Promise<RerankingAnswer<D>> {
    this.#assertAlive();
    return (await unaryCalls()).rerank(this.host, options);
  }

  async generateImage(options: ImageOptions): Promise<ImageAnswer> {
    this.#assertAlive();
    return (await unaryCalls()).generateImage(this.host, options);
  }

  async explain(options: ExplainOptions): Promise<Explanation> {
    this.#assertAlive();
    const [{ explain }, { prepareExplained }] = await explaining();
    const prepared = prepareExplained(options, (completion) => this.#prepare(completion, 'whole'));
    this.current.calls.check(prepared);
    const { settings, generation } = this.current;
    const { models, routes } = generation;
    return explain(prepared, { ...settings, models, routes });
  }

  provider(name: string): GatewayProvider {
    this.#assertAlive();
    const { id, kinds } = this.current.generation.providers.get(name);
    const own = <O extends { readonly model: string }>(options: O): O => ({
      ...options,
      model: `${id}:${options.model}`,
    });
    return {
      id,
      kinds,
      stream: (options) => this.stream(own(options)),
      complete: (options) => this.complete(own(options)),
      embed: (options) => this.embed(own(options)),
      rerank: (options) => this.rerank(own(options)),
      generateImage: (options) => this.generateImage(own(options)),
      explain: (options) => this.explain(own(options)),
      models: (options) => this.models({ ...options, provider: id }),
    };
  }

  async models(options: ModelsOptions = {}): Promise<readonly ModelInfo[]> {
    this.#assertAlive();
    const { current } = this;
    const { models } = current.generation;
    const { filter, signal = new AbortController().signal } = options;
    const list = await current.keep(() => models.listNow(signal, current.settings.clock, options));
    if (filter === undefined) return list;
    return list.filter((model) => matches(model, filter.toLowerCase()));
  }

  async limits(call: LimitedCallOptions = {}): Promise<readonly LimitState[]> {
    this.#assertAlive();
    return (await this.current.settings.limits?.states({ tenant: call.tenant, model: call.model })) ?? [];
  }

  dispose(): Promise<void> {
    this.#disposing ??= this.#close();
    return this.#disposing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #close(): Promise<void> {
    const reasonOf = () => new GatewayDisposedError('The gateway was disposed while this call was under way.');
    for (const { calls } of [this.current, ...this.#retiring.keys()]) calls.close(reasonOf);
    try {
      await this.current.generation.close();
      await Promise.all(this.#retiring.values());
    } finally {
      await this.services.close();
    }
  }

  #assertAlive(): void {
    if (this.#disposing === undefined) return;
    throw new GatewayDisposedError('This gateway has been disposed. Create another one with `createGateway`.');
  }

  #begin<T>(options: CompletionOptions<T>, delivery: Delivery): CompletionCall<T> {
    this.#assertAlive();
    const prepared = this.#prepare(options, delivery);
    this.current.calls.check(prepared);
    return new CompletionCall(prepared, this);
  }

  #prepare<T>(options: CompletionOptions<T>, delivery: Delivery): PreparedCompletion<T> {
    const prepared = this.#withDefaults(options, delivery);
    if (!this.current.settings.hasHedging && prepared.hedging !== undefined && prepared.hedging !== false)
      throw new InvalidRequestError([{ field: 'hedging', message: NO_HEDGING, remedy: SET_UP }]);
    return prepared;
  }

  #withDefaults<T>(options: CompletionOptions<T>, delivery: Delivery): PreparedCompletion<T> {
    const { defaults } = this.current.settings;
    const { routes } = this.current.generation;
    if (routes === undefined) return prepareCompletion(options, delivery, defaults);
    // What is no object is told so by the check.
    const route = routes.get((options as { readonly model?: string } | undefined)?.model ?? '');
    const own = route?.defaults;
    const keepsLayers = route?.targets.some(({ parameters }) => parameters !== undefined);
    return prepareCompletion(options, delivery, own === undefined ? defaults : layered(defaults, own), keepsLayers);
  }
}
