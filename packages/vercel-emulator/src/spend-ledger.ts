import { add, type Decimal, ZERO } from './decimal.js';
import type { Bill, TokenCounts } from './usage.js';

/** By what spend can be told apart. */
export interface SpendKey {
  /** `YYYY-MM-DDTHH:00:00.000Z`. */
  readonly hour: string;
  readonly user: string | undefined;
  readonly tags: readonly string[];
  readonly model: string;
  readonly provider: string;
  readonly credentialType: 'byok' | 'system';
  readonly zeroDataRetention: boolean;
  readonly apiKeyName: string;
}

/** All spend with the same key. */
export interface SpendSum extends SpendKey {
  cost: Decimal;
  market: Decimal;
  requests: number;
  tokens: Omit<TokenCounts, 'image'>;
}

/** What was spent, by the hour. */
export interface SpendLedger {
  add(key: SpendKey, counts: TokenCounts, bill: Bill): void;
  /** In the order in which they first came. */
  sums(): Iterable<Readonly<SpendSum>>;
}

/** Past it the oldest are forgotten. */
const MAX_SUMS = 20_000;

export const NO_TOKENS = { prompt: 0, cached: 0, cacheWritten: 0, completion: 0, reasoning: 0 } as const;

export const addTokens = (left: SpendSum['tokens'], right: SpendSum['tokens']): SpendSum['tokens'] => ({
  prompt: left.prompt + right.prompt,
  cached: left.cached + right.cached,
  cacheWritten: left.cacheWritten + right.cacheWritten,
  completion: left.completion + right.completion,
  reasoning: left.reasoning + right.reasoning,
});

export function createSpendLedger(): SpendLedger {
  const kept = new Map<string, SpendSum>();
  return {
    add(key, counts, bill) {
      const name = JSON.stringify(Object.values(key).map((value: unknown) => value ?? null));
      let sum = kept.get(name);
      if (sum === undefined) {
        sum = { ...key, cost: ZERO, market: ZERO, requests: 0, tokens: NO_TOKENS };
        kept.set(name, sum);
      }
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_SUMS) break;
        kept.delete(oldest);
      }
      sum.cost = add(sum.cost, bill.cost);
      sum.market = add(sum.market, bill.market);
      sum.requests += 1;
      sum.tokens = addTokens(sum.tokens, counts);
    },
    sums: () => kept.values(),
  };
}
