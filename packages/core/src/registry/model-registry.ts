import type { Clock } from '../contract/clock.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { ModelSource, Provider } from '../contract/provider.js';
import { inject, injectable } from '../di/container.js';
import { MODEL_SOURCES, REFERENCE_RULES, type ReferenceRules } from '../di/tokens.js';
import { ModelNotFoundError } from '../errors/caller-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import { didYouMean, nearest } from '../errors/nearest.js';
import { ProviderFaultError } from '../errors/upstream-errors.js';
import type { GivenFacts } from './given-facts.js';
import { liveLists } from './live-list.js';
import { ProviderRegistry } from './provider-registry.js';
import { nameOf, type Target } from './target.js';

const lookUp = async (
  source: ModelSource | undefined,
  model: string,
  signal: AbortSignal,
): Promise<ModelInfo | undefined> => {
  try {
    return await source?.lookUp(model, signal);
  } catch (cause) {
    if (GatewayError.is(cause) || (signal.aborted && cause === signal.reason)) throw cause;
    throw new ProviderFaultError(`Looking up a model of "${source?.provider}" failed; see \`cause\`.`, { cause });
  }
};

const targetOf = (provider: Provider, model: string, info?: ModelInfo): Target => {
  const target = info === undefined ? { provider, model } : { provider, model, info };
  return { ...target, name: nameOf(target) };
};

/** References that are remembered; hosts use a few, callers of a server may make some up. */
const MOST_REFERENCES = 1_000;
/** Longer ones are not remembered. */
const LONGEST_REFERENCE = 512;

interface Reference {
  readonly provider: Provider;
  readonly model: string;
}

/** A reference, and what is known of it. */
interface Entry {
  readonly reference: Reference;
  readonly source: ModelSource | undefined;
  /** As it was last: the same for all calls while the facts are the same. */
  target: Target | undefined;
}

/** Turns a model reference into a target, with whatever is known of the model. */
@injectable()
export class ModelRegistry {
  // Not `#`: the bundler turns those of a decorated class into a WeakMap, which every call would pay for.
  private readonly sources = new Map<string, ModelSource>();
  private readonly entries = new Map<string, Entry>();
  private given: GivenFacts | undefined;

  constructor(
    @inject(ProviderRegistry) private readonly providers: ProviderRegistry,
    @inject(MODEL_SOURCES) known: readonly ModelSource[],
    @inject(REFERENCE_RULES) private readonly rules: ReferenceRules,
  ) {
    for (const source of known) this.sources.set(source.provider, source);
  }

  /** From now on the host's word about models goes over that of their sources. */
  give(facts: GivenFacts): void {
    this.given = facts;
    this.entries.clear();
  }

  /**
   * A reference is `provider:model` if the part before the first colon is a provider of this gateway; otherwise a
   * model of the default provider, colons and slashes and all.
   * @throws ModelNotFoundError, UnknownProviderError
   */
  split(reference: string): Reference {
    return this.entry(reference).reference;
  }

  private entry(reference: string): Entry {
    const known = this.entries.get(reference);
    if (known !== undefined) return known;
    const read = this.read(reference);
    const found: Entry = { reference: read, source: this.sources.get(read.provider.id), target: undefined };
    if (this.entries.size < MOST_REFERENCES && reference.length <= LONGEST_REFERENCE)
      this.entries.set(reference, found);
    return found;
  }

  private read(reference: string): Reference {
    const colon = reference.indexOf(':');
    const prefix = colon > 0 ? this.providers.find(reference.slice(0, colon)) : undefined;
    if (prefix !== undefined && colon === reference.length - 1) {
      throw new ModelNotFoundError(`The model reference "${reference}" names a provider and no model.`);
    }
    if (prefix !== undefined) return { provider: prefix, model: reference.slice(colon + 1) };
    const { defaultProvider } = this.rules;
    if (defaultProvider !== undefined) return { provider: this.providers.get(defaultProvider), model: reference };
    if (colon > 0 && !reference.slice(0, colon).includes('/')) this.providers.get(reference.slice(0, colon));
    const example = this.providers.ids.map((id) => `"${id}:${reference}"`).join(' or ');
    throw new ModelNotFoundError(
      `The model reference "${reference}" names no provider. Write ${example}, or set \`defaultProvider\`.${this.route(reference)}`,
    );
  }

  /** The target when everything about it is known already: no promise on the hot path. */
  resolveNow(reference: string): Target | undefined {
    const entry = this.entry(reference);
    const { provider, model } = entry.reference;
    if (entry.source === undefined) {
      entry.target ??= targetOf(provider, model, this.given?.alone(provider.id, model));
      return entry.target;
    }
    const known = entry.source.find(model);
    if (known === undefined) return undefined;
    const info = this.given === undefined ? known : this.given.over(known);
    if (entry.target?.info !== info) entry.target = targetOf(provider, info.id, info);
    return entry.target;
  }

  /** Looks once more where news may be had. @throws ModelNotFoundError with what was probably meant */
  async resolve(reference: string, signal: AbortSignal): Promise<Target> {
    const now = this.resolveNow(reference);
    if (now !== undefined) return now;
    const {
      reference: { provider, model },
      source,
    } = this.entry(reference);
    const info = await lookUp(source, model, signal);
    if (info !== undefined) return targetOf(provider, info.id, this.given?.over(info) ?? info);
    throw this.notFound(reference);
  }

  /** What to say of a model that the facts about its provider do not have. */
  notFound(reference: string): ModelNotFoundError {
    const {
      reference: { provider, model },
      source,
    } = this.entry(reference);
    const known = source?.list().map(({ id }) => id) ?? [];
    const story = source?.explain?.(model);
    const prefix = reference.slice(0, Math.max(0, reference.indexOf(':')));
    const misspelt = prefix === provider.id ? [] : nearest(prefix, this.providers.ids, 1);
    const other = misspelt.length === 0 ? '' : ` If "${prefix}" was to name a provider: it is "${misspelt[0]}".`;
    return new ModelNotFoundError(
      `The provider "${provider.id}" has no model "${model}".${story === undefined ? didYouMean(model, known) : ` ${story}`}${other}${this.route(reference)}`,
    );
  }

  /** What to say of a name that a route was probably meant by. */
  private route(reference: string): string {
    const [meant] = nearest(reference, this.rules.routes, 1);
    return meant === undefined ? '' : ` If it was to name a route: it is "${meant}".`;
  }

  list(provider?: string): readonly ModelInfo[] {
    const sources = provider === undefined ? [...this.sources.values()] : [this.sources.get(provider)];
    return this.withGiven(sources.flatMap((source) => source?.list() ?? []));
  }

  /**
   * What is known of the models of all providers or of one. Those of whom nothing is known are asked themselves, and all
   * are where news are wanted, each within 30 s. One that fails is a warning of the process where there is another.
   * @throws UnknownProviderError; GatewayError of the first when all fail; `signal.reason` untouched
   */
  async listNow(
    signal: AbortSignal,
    clock: Clock,
    { provider, refresh = false }: { readonly provider?: string | undefined; readonly refresh?: boolean } = {},
  ): Promise<readonly ModelInfo[]> {
    const wanted = provider === undefined ? this.providers.all() : [this.providers.get(provider)];
    const known = refresh ? [] : wanted.flatMap(({ id }) => this.sources.get(id) ?? []);
    const asked = wanted.filter(({ id }) => refresh || !this.sources.has(id));
    const lists = known.flatMap((source) => source.list());
    if (asked.length === 0) return this.withGiven(lists);
    return this.withGiven([...lists, ...(await liveLists(asked, signal, clock, known.length > 0))]);
  }

  private withGiven(models: readonly ModelInfo[]): readonly ModelInfo[] {
    const { given } = this;
    return given === undefined ? models : models.map((model) => given.over(model));
  }
}
