import type { Clock } from '../contract/clock.js';
import type { JsonValue } from '../contract/json.js';
import type { ResponseEndEvent, StreamEvent } from '../contract/stream-event.js';
import type { EmbeddingRequest } from '../contract/unary-request.js';
import type { Cost, TokenUsage } from '../contract/usage.js';
import { ProviderFaultError } from '../errors/upstream-errors.js';
import { sumOfCosts } from '../pricing/sum-of-costs.js';
import { sumOfUsages } from '../pricing/sum-of-usages.js';
import type { Writable } from '../schema/writable.js';
import { SharedAttempts } from './attempt-budget.js';
import { BatchRecord } from './batch-record.js';
import type { CallScope } from './call-scope.js';
import type { OpenStream, Source } from './stage.js';

const DEFAULT_PARALLEL = 4;

/** What the other upstream calls are cancelled with when one has failed for good. Nobody sees it. */
const STOPPED = Symbol('another part of the call failed');

export interface BatchedCall {
  readonly next: Source;
  readonly clock: Clock;
  readonly request: EmbeddingRequest;
  readonly scope: CallScope;
  /** Texts in one upstream call. */
  readonly most: number;
}

/** What one upstream call brought. */
interface Part {
  readonly end: ResponseEndEvent;
  readonly cost: Cost | undefined;
  readonly warnings: readonly StreamEvent[];
}

/** The sum of those that are there; a figure that is missing makes it a lower bound. */
const total = <T extends TokenUsage | Cost>(
  figures: readonly (T | undefined)[],
  add: (one: T, other: T) => T,
): T | undefined => {
  const known = figures.filter((figure) => figure !== undefined);
  const [first, ...rest] = known;
  if (first === undefined) return undefined;
  const sum = rest.reduce(add, first);
  return known.length === figures.length ? sum : { ...sum, certainty: 'at-least' };
};

/**
 * One answer from several upstream calls: a few at a time, the vectors in the order of the texts. All share the
 * deadline and the tries beyond the first of each. The first that fails for good ends the others.
 */
export class BatchedEmbedding {
  readonly #batches: readonly (readonly string[])[];
  readonly #parts: (Part | undefined)[];
  readonly #running = new Set<CallScope>();
  #begun = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(private readonly call: BatchedCall) {
    const { inputs } = call.request;
    const batches = Math.ceil(inputs.length / call.most);
    this.#batches = Array.from({ length: batches }, (_, at) => inputs.slice(at * call.most, (at + 1) * call.most));
    this.#parts = this.#batches.map(() => undefined);
  }

  async open(): Promise<OpenStream> {
    const { scope } = this.call;
    const workers = Math.min(scope.facts.maxParallelCalls ?? DEFAULT_PARALLEL, this.#batches.length);
    await Promise.all(Array.from({ length: workers }, () => this.#work()));
    if (this.#failure !== undefined) throw this.#failure.error;
    const parts = this.#parts.filter((part) => part !== undefined);
    const usage = total(
      parts.map(({ end }) => end.usage),
      sumOfUsages,
    );
    const cost = total(
      parts.map((part) => part.cost),
      sumOfCosts,
    );
    if (scope.target !== undefined) scope.facts.record.commit(scope.target);
    const warnings = parts.flatMap((part) => part.warnings);
    return { held: [{ events: [...warnings, this.#endOf(parts, usage, cost)] }], taps: [] };
  }

  /** Takes one batch after the other, until there is none or one has failed. */
  async #work(): Promise<void> {
    while (this.#failure === undefined && this.#begun < this.#batches.length) {
      const at = this.#begun;
      this.#begun += 1;
      await this.#play(at);
    }
  }

  async #play(at: number): Promise<void> {
    const { next, clock, request, scope } = this.call;
    const { facts } = scope;
    const record = new BatchRecord(clock, facts.record);
    const attempts = at === 0 ? facts.attempts : new SharedAttempts(facts.attempts);
    const part = scope.part({ ...facts, record, attempts });
    this.#running.add(part);
    try {
      const { held } = await next({ ...request, inputs: this.#batches[at] ?? [] }, part);
      const events = held.flatMap((batch) => batch.events);
      const end = events.find((event) => event.type === 'response-end');
      if (end === undefined) throw new ProviderFaultError('A part of the answer has no end.');
      this.#parts[at] = {
        end,
        cost: facts.record.costOf(end, scope.target),
        warnings: events.filter((event) => event.type === 'warning'),
      };
    } catch (error) {
      this.#stop(error);
    } finally {
      this.#running.delete(part);
      part.close();
    }
  }

  #stop(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    for (const part of this.#running) part.cancel(STOPPED);
  }

  #endOf(parts: readonly Part[], usage: TokenUsage | undefined, cost: Cost | undefined): ResponseEndEvent {
    const ends = parts.map((part) => part.end);
    const embeddings = ends.flatMap(({ result }) => (result?.kind === 'embedding' ? result.embeddings : []));
    const end: Writable<ResponseEndEvent> = {
      type: 'response-end',
      reason: 'stop',
      rawReason: ends[0]?.rawReason ?? '',
      result: { kind: 'embedding', embeddings },
    };
    if (usage !== undefined) end.usage = usage;
    if (cost !== undefined) end.cost = cost;
    const told = ends.map(({ providerMetadata }): JsonValue => providerMetadata ?? null);
    if (told.some((metadata) => metadata !== null)) end.providerMetadata = { calls: told };
    return end;
  }
}
