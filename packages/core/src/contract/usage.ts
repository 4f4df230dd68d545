import type { JsonObject } from './json.js';
import type { Provenance } from './model-info.js';

/** `exact`: reported for the whole answer. `at-least`: the call ended early. `estimated`: computed, not reported. */
export type Certainty = 'exact' | 'at-least' | 'estimated';

/** Tokens of one call. In each group the parts sum to `total`. */
export interface TokenUsage {
  readonly certainty: Certainty;
  readonly input: {
    readonly total: number;
    /** Neither read from nor written to the prompt cache. */
    readonly uncached: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    /** Those of `cacheWrite` that are kept for an hour, where the upstream tells them apart: they may cost more. */
    readonly cacheWrite1h?: number;
    /** Those of `uncached` that are audio, where the upstream tells them apart. */
    readonly audio?: number;
  };
  readonly output: {
    readonly total: number;
    /** What the caller sees: text and tool calls. */
    readonly text: number;
    readonly reasoning: number;
    readonly image: number;
    /** Those of `text` that are audio, where the upstream tells them apart. */
    readonly audio?: number;
  };
  /** `input.total + output.total`. */
  readonly totalTokens: number;
  /** The upstream's own record, verbatim. */
  readonly raw?: JsonObject;
}

/** In the upstream's own words: `1024x1024`, `high`, `edit`, …. */
export type ImageTrait = 'size' | 'quality' | 'style' | 'operation';

/** What of a call is billed by the piece and not by the token. Counts are whole numbers; one that is absent is not known. */
export interface BillableUnits {
  /** Images made. */
  readonly images?: number;
  /** What the images have in common, as far as their price depends on it. Absent, or a trait absent: as by default. */
  readonly imageTraits?: Readonly<Partial<Record<ImageTrait, string>>>;
  /** Searches of a reranking, as the upstream counts them: mostly one for a query over up to 100 documents. */
  readonly searchUnits?: number;
}

/** What a call cost. */
export interface Cost {
  /** US dollars: the floating number nearest to the amount. */
  readonly usd: number;
  /** The amount as decimal text, exact and without exponent, such as `0.0000032`. Absent: `usd` is all that was told. */
  readonly usdText?: string;
  readonly certainty: Certainty;
  /** `provider`: the upstream said so. `catalogue`: usage times the list price. `cache`: nothing was asked for. */
  readonly source: 'provider' | 'catalogue' | 'cache';
  /** Where the list price is from, and of which day. With the source `catalogue` only. */
  readonly priceProvenance?: Provenance;
  /** US dollars at the market's price, where the upstream tells it: more than `usd` for what is free, reduced or billed elsewhere. */
  readonly marketUsd?: number;
  /** Whether a key of the caller's own was used, whose owner is billed apart from `usd`. Absent: the upstream does not say. */
  readonly ownKey?: boolean;
}
