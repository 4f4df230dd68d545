import type { ModelFacts } from '../contract/model-facts.js';
import type { ModelInfo, Provenance } from '../contract/model-info.js';

const withoutUndefined = (facts: ModelFacts): Partial<ModelInfo> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

/** Facts that a host gave, over those of the sources: each with its origin. */
export class GivenFacts {
  readonly #origin: Provenance;
  /** A model is the same for all calls while its facts are. */
  readonly #made = new WeakMap<ModelInfo, ModelInfo>();

  /**
   * @param facts by the name of the target, such as `vercel:openai/gpt-6-luna`
   * @param asOf the day on which they were given, `YYYY-MM-DD`
   */
  constructor(
    private readonly facts: ReadonlyMap<string, ModelFacts>,
    asOf: string,
  ) {
    this.#origin = { origin: 'host', asOf };
  }

  /** What is known of a model, with what was given. */
  over(info: ModelInfo): ModelInfo {
    const made = this.#made.get(info);
    if (made !== undefined) return made;
    const facts = this.facts.get(`${info.provider}:${info.id}`);
    const found = facts === undefined ? info : this.#merged(info, withoutUndefined(facts));
    this.#made.set(info, found);
    return found;
  }

  /** A model of which nothing else is known. */
  alone(provider: string, id: string): ModelInfo | undefined {
    const facts = this.facts.get(`${provider}:${id}`);
    if (facts === undefined) return undefined;
    return { type: 'language', ...withoutUndefined(facts), id, provider, parameters: {}, provenance: this.#origin };
  }

  #merged(info: ModelInfo, facts: Partial<ModelInfo>): ModelInfo {
    const { capabilities, modalities, contextWindow, maxOutputTokens } = facts;
    const origins = Object.fromEntries(Object.keys(facts).map((name) => [name, this.#origin]));
    const limit = info.parameters.maxOutputTokens;
    return {
      ...info,
      // A window that is smaller than the input was said to be bounds the input too.
      ...(contextWindow !== undefined && (info.maxInputTokens ?? 0) > contextWindow
        ? { maxInputTokens: contextWindow }
        : {}),
      ...facts,
      ...(capabilities === undefined ? {} : { capabilities: { ...info.capabilities, ...capabilities } }),
      ...(modalities === undefined ? {} : { modalities: { ...info.modalities, ...modalities } }),
      // The bound of the parameter is the same fact once more: what a call may ask for, and what is asked for unasked.
      ...(maxOutputTokens === undefined || limit === undefined
        ? {}
        : { parameters: { ...info.parameters, maxOutputTokens: { ...limit, max: maxOutputTokens } } }),
      factProvenance: { ...info.factProvenance, ...origins },
    };
  }
}
