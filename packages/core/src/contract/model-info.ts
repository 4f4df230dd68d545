import type { ParameterName } from './parameters.js';
import type { Pricing } from './pricing.js';
import type { TokenizerFacts } from './tokenizer-facts.js';

/** `live`: the upstream's own list. `seed`: shipped with the package. `host`: given by the host application. */
export type FactOrigin = 'live' | 'seed' | 'host';

/** Where a fact comes from, and of which day (`YYYY-MM-DD`). */
export interface Provenance {
  readonly origin: FactOrigin;
  readonly asOf: string;
}

/** When a conditional parameter is taken. */
export interface ParameterCondition {
  /** Only with thinking switched off. */
  readonly reasoning?: 'off';
  /** Only with one of these efforts. */
  readonly reasoningEffort?: readonly string[];
  /** Only if none of these is sent; an effort of `none` and a budget of 0 ask for nothing and count as not sent. */
  readonly unset?: readonly ParameterName[];
}

/** What is known of one parameter of one model. */
export interface ParameterFact {
  readonly supported: boolean | 'conditional' | 'unknown';
  /** What the upstream uses when nothing is sent; `null`: it has none, or it varies. */
  readonly default?: number | string | null;
  /** Range, ends included unless `exclusiveMin` or `exclusiveMax`. */
  readonly min?: number;
  readonly max?: number;
  readonly exclusiveMin?: boolean;
  readonly exclusiveMax?: boolean;
  /** Accepted words. */
  readonly values?: readonly string[];
  /** Of a list: how many, and how many UTF-8 bytes each. */
  readonly maxItems?: number;
  readonly maxBytesEach?: number;
  /** Must be sent. */
  readonly required?: boolean;
  /** The only value in force. */
  readonly fixed?: number | string;
  readonly when?: ParameterCondition;
  /** What the upstream does when the parameter is sent although not supported. */
  readonly otherwise?: 'reject' | 'ignore';
}

/** How many numbers the vectors of an embedding model have. What is absent is not known. */
export interface DimensionFacts {
  /** When no number is asked for. */
  readonly default?: number;
  /** The only numbers that may be asked for, ascending. */
  readonly values?: readonly number[];
  /** Range of what may be asked for, ends included. */
  readonly min?: number;
  readonly max?: number;
}

/** The facts about one model. An absent field means "not known", never "no". */
export interface ModelInfo {
  /** The provider's own id of the model, such as `openai/gpt-6-luna`. */
  readonly id: string;
  /** Id of the provider that serves it. */
  readonly provider: string;
  readonly name?: string;
  /** `language`, `embedding`, `image`, …: an open set. */
  readonly type: string;
  readonly creator?: string;
  readonly family?: string;
  /** `active`, `alpha`, `beta`, `deprecated`, …: an open set. */
  readonly status?: string;
  /** `YYYY-MM` or `YYYY-MM-DD`. */
  readonly releaseDate?: string;
  readonly knowledgeCutoff?: string;
  /** Tokens. */
  readonly contextWindow?: number;
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  /** Of an embedding model. */
  readonly dimensions?: DimensionFacts;
  /** Texts that one upstream call to an embedding model takes. More are sent in several calls. */
  readonly maxInputsPerCall?: number;
  readonly modalities?: { readonly input?: readonly string[]; readonly output?: readonly string[] };
  readonly capabilities?: {
    readonly reasoning?: boolean;
    readonly toolCall?: boolean;
    readonly structuredOutput?: boolean;
    readonly attachment?: boolean;
    readonly temperature?: boolean;
    readonly openWeights?: boolean;
    /** Goes on from an assistant message that comes last, without repeating it. */
    readonly prefill?: boolean;
  };
  /** Id of the same model in its ordinary class of service or speed, for one that is offered as a model of its own. */
  readonly variantOf?: string;
  readonly pricing?: Pricing;
  /** How it counts text. Absent: estimates are by the middle of what others do, and say so. */
  readonly tokenizer?: TokenizerFacts;
  /** Absent names are not known. */
  readonly parameters: Readonly<Partial<Record<ParameterName, ParameterFact>>>;
  /** Where the facts come from unless `factProvenance` says otherwise. */
  readonly provenance: Provenance;
  readonly factProvenance?: Readonly<Record<string, Provenance>>;
}

/** Where one fact of a model comes from. */
export const provenanceOf = (model: ModelInfo, fact: keyof ModelInfo): Provenance =>
  model.factProvenance?.[fact] ?? model.provenance;
