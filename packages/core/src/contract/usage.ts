import type { JsonObject } from './json.js';

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
  };
  readonly output: {
    readonly total: number;
    /** What the caller sees: text and tool calls. */
    readonly text: number;
    readonly reasoning: number;
    readonly image: number;
  };
  /** `input.total + output.total`. */
  readonly totalTokens: number;
  /** The upstream's own record, verbatim. */
  readonly raw?: JsonObject;
}

/** What a call cost. */
export interface Cost {
  /** US dollars. */
  readonly usd: number;
  readonly certainty: Certainty;
  /** `provider`: the upstream said so. `catalogue`: usage times the list price. */
  readonly source: 'provider' | 'catalogue';
  /** US dollars at the market's price, where the upstream tells it: more than `usd` for what is free, reduced or billed elsewhere. */
  readonly marketUsd?: number;
  /** Whether a key of the caller's own was used, whose owner is billed apart from `usd`. Absent: the upstream does not say. */
  readonly ownKey?: boolean;
}
