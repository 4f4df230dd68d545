import type { TokenUsage } from '../contract/usage.js';
import { leastSure } from './certainty.js';

/** Absent only where it is absent in both. */
const sum = (one: number | undefined, other: number | undefined): { readonly audio?: number } =>
  one === undefined && other === undefined ? {} : { audio: (one ?? 0) + (other ?? 0) };

/** Both usages as one, no surer than the less sure of them and without the upstream's own record. */
export const sumOfUsages = (one: TokenUsage, other: TokenUsage): TokenUsage => ({
  certainty: leastSure(one.certainty, other.certainty),
  input: {
    total: one.input.total + other.input.total,
    uncached: one.input.uncached + other.input.uncached,
    cacheRead: one.input.cacheRead + other.input.cacheRead,
    cacheWrite: one.input.cacheWrite + other.input.cacheWrite,
    ...sum(one.input.audio, other.input.audio),
  },
  output: {
    total: one.output.total + other.output.total,
    text: one.output.text + other.output.text,
    reasoning: one.output.reasoning + other.output.reasoning,
    image: one.output.image + other.output.image,
    ...sum(one.output.audio, other.output.audio),
  },
  totalTokens: one.totalTokens + other.totalTokens,
});
