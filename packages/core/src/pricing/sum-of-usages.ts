import type { TokenUsage } from '../contract/usage.js';
import { leastSure } from './certainty.js';

/** Absent only where it is absent in both. */
const sum = <K extends 'audio' | 'cacheWrite1h'>(
  name: K,
  one: Readonly<Partial<Record<K, number>>>,
  other: Readonly<Partial<Record<K, number>>>,
): Readonly<Partial<Record<K, number>>> =>
  (one[name] === undefined && other[name] === undefined
    ? {}
    : { [name]: (one[name] ?? 0) + (other[name] ?? 0) }) as Readonly<Partial<Record<K, number>>>;

/** Both usages as one, no surer than the less sure of them and without the upstream's own record. */
export const sumOfUsages = (one: TokenUsage, other: TokenUsage): TokenUsage => ({
  certainty: leastSure(one.certainty, other.certainty),
  input: {
    total: one.input.total + other.input.total,
    uncached: one.input.uncached + other.input.uncached,
    cacheRead: one.input.cacheRead + other.input.cacheRead,
    cacheWrite: one.input.cacheWrite + other.input.cacheWrite,
    ...sum('cacheWrite1h', one.input, other.input),
    ...sum('audio', one.input, other.input),
  },
  output: {
    total: one.output.total + other.output.total,
    text: one.output.text + other.output.text,
    reasoning: one.output.reasoning + other.output.reasoning,
    image: one.output.image + other.output.image,
    ...sum('audio', one.output, other.output),
  },
  totalTokens: one.totalTokens + other.totalTokens,
});
